"""What goes over HTTP about conversations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.models import Access, Author, Context, Message, Mode, Part, Run, Status
from faraday_app.contexts.orchestration.telling import choice
from faraday_app.contexts.service.answerers import LARGEST_BUDGET, MOST, MOST_STEPS, Answerers
from faraday_app.contexts.service.answers import Answer
from faraday_app.contexts.service.branches import LONGEST_MESSAGE, Shown
from faraday_app.contexts.service.lanes import Lanes
from faraday_app.core.http.fields import Text

Title = Annotated[Text, Field(max_length=200, examples=["Photosynthesis for year 7"])]


class ConversationItem(BaseModel):
    """A conversation in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    updated_at: datetime
    owner_id: UUID
    owner_name: str
    members: int
    answering: bool = Field(description="Whether an answer is being written.")
    archived: bool


class ConversationOut(BaseModel):
    id: UUID
    title: str
    model: str = Field(examples=["smollm2-135m"])
    owner_id: UUID
    access: Access = Field(description="What the caller may do with it.")
    created_at: datetime
    updated_at: datetime
    archived: bool
    version: int = Field(description="Send it with a change to be refused (409) when something changed meanwhile.")
    run_id: UUID | None = Field(description="The answer that is being written, if there is one.")


class ConversationIn(BaseModel):
    title: Title = Field("", description="Empty: taken from the first message.")
    model: Annotated[Text, Field(max_length=120)] = Field(
        "", description="Empty: the default model. `auto`: whichever the policy chooses for each question."
    )


class ConversationChange(BaseModel):
    """Only what is given changes."""

    title: Title | None = None
    archived: bool | None = None
    model: Annotated[Text, Field(max_length=120)] | None = Field(
        None, description="Who answers from now on, or `auto`."
    )
    version: int | None = Field(None, description="The version the change was made for.", ge=1, le=2**31 - 1)


class MessageOut(BaseModel):
    """A message of the branch that is shown."""

    id: UUID
    author: Author
    author_id: UUID | None
    name: str = Field(description="The person, the GPT or the model.")
    content: str
    status: Status
    error: str
    prompt_tokens: int
    answer_tokens: int
    cost: int = Field(description="Micro-credits.")
    created_at: datetime
    siblings: list[UUID] = Field(description="This message and the alternatives beside it, oldest first.")


class Question(BaseModel):
    message: Annotated[Text, Field(min_length=1, max_length=LONGEST_MESSAGE, examples=["Explain photosynthesis."])]
    stream: bool = Field(False, description="Answer with server-sent events instead of waiting for the end.")
    template_version: UUID | None = Field(None, description="The version of a template that the message comes from.")


class ToolUseOut(BaseModel):
    """A call of a tool in an answer; what is long is shortened."""

    tool: str
    arguments: str = Field(description="As the model wrote them, usually JSON.")
    result: str
    failed: bool
    took_ms: int


class AnswerOut(BaseModel):
    """An answer. When it failed, ``error`` says why, ``text`` is what came before, and only that was paid."""

    run_id: UUID
    conversation_id: UUID
    id: UUID = Field(description="The message that holds the answer.")
    question_id: UUID | None
    status: Status
    text: str
    error: str
    model: str
    prompt_tokens: int = Field(examples=[31])
    answer_tokens: int = Field(examples=[64])
    cost: int = Field(description="Micro-credits.", examples=[446_000])
    first_token_ms: int | None
    tools: list[ToolUseOut] = Field(description="The tools that it called, with what, and what came.")


class AnswerersIn(BaseModel):
    """Who answers in a conversation, and how they do it together."""

    gpt_ids: list[UUID] = Field([], max_length=MOST, description="In their order; the first merges, judges and plans.")
    mode: Mode = Field(Mode.single, description=" ".join(f"`{mode}`: {mode.about}" for mode in Mode))
    budget: int | None = Field(
        None, ge=1, le=LARGEST_BUDGET, description="Most micro-credits that a question may cost; null: any."
    )
    step_limit: int = Field(6, ge=1, le=MOST_STEPS, description="Most steps of a question.")

    def answerers(self) -> Answerers:
        return Answerers(tuple(self.gpt_ids), self.mode, self.budget, self.step_limit)


class AnswerersOut(AnswerersIn):
    model_config = ConfigDict(from_attributes=True)


class PartOut(BaseModel):
    """What one GPT said in one step."""

    id: UUID = Field(description="The message that holds it.")
    lane: int = Field(description="The place of its GPT among those that answer.")
    step: int
    part: Part
    gpt_id: UUID | None = Field(description="None where a model alone was asked: for the choice of a GPT.")
    name: str
    run_id: UUID | None = Field(description="While it is being written.")
    status: Status
    text: str
    error: str
    model: str
    prompt_tokens: int
    answer_tokens: int
    cost: int = Field(description="Micro-credits.")
    tools: list[ToolUseOut]


class TogetherOut(BaseModel):
    """A question that several GPTs answer."""

    orchestration_id: UUID
    conversation_id: UUID
    question_id: UUID
    mode: Mode
    status: Status
    error: str
    choice: str = Field(description="Why this GPT answers, where one was chosen.")
    shown_id: UUID | None = Field(description="The part that the conversation goes on from.")
    cost: int = Field(description="Micro-credits for all parts listed.")
    parts: list[PartOut]


class MemberOut(BaseModel):
    user_id: UUID
    name: str
    access: Access


class AccessIn(BaseModel):
    access: Access = Field(description="`viewer` or `editor`; there is one owner.", examples=["viewer"])


def conversation_out(context: Context, access: Access, run: Run | None) -> ConversationOut:
    return ConversationOut(
        id=context.id,
        title=context.title,
        model=context.model,
        owner_id=context.owner_id,
        access=access,
        created_at=context.created_at,
        updated_at=context.updated_at,
        archived=context.archived_at is not None,
        version=context.version,
        run_id=run.id if run else None,
    )


def message_out(shown: Shown) -> MessageOut:
    message = shown.message
    return MessageOut(
        id=message.id,
        author=Author(message.author),
        author_id=message.author_id,
        name=(shown.author_name or message.model) if message.author == Author.model else shown.author_name,
        content=message.content,
        status=Status(message.status),
        error=message.error,
        prompt_tokens=message.prompt_tokens,
        answer_tokens=message.answer_tokens,
        cost=message.cost,
        created_at=message.created_at,
        siblings=list(shown.siblings),
    )


def part_out(message: Message, found: Lanes, run_id: UUID | None = None) -> PartOut:
    return PartOut(
        id=message.id,
        lane=message.lane,
        step=message.step,
        part=Part(message.part),
        gpt_id=message.gpt_id,
        name=found.gpts[message.lane].name if message.gpt_id else message.model,
        run_id=run_id,
        status=Status(message.status),
        text=message.content,
        error=message.error,
        model=message.model,
        prompt_tokens=message.prompt_tokens,
        answer_tokens=message.answer_tokens,
        cost=message.cost,
        tools=[ToolUseOut(**each) for each in message.tools],
    )


def together_out(found: Lanes) -> TogetherOut:
    orchestration = found.orchestration
    ended = orchestration.finished_at is not None
    return TogetherOut(
        orchestration_id=orchestration.id,
        conversation_id=orchestration.context_id,
        question_id=orchestration.asked_id,
        mode=Mode(orchestration.mode),
        status=Status(orchestration.status) if ended else Status.running,
        error=orchestration.error,
        choice=choice(found),
        shown_id=orchestration.shown_id,
        cost=sum(part.cost for part in found.parts),
        parts=[part_out(part, found, found.runs.get(part.id)) for part in found.parts],
    )


def answer_out(answer: Answer) -> AnswerOut:
    message = answer.message
    return AnswerOut(
        run_id=answer.run.id,
        conversation_id=answer.run.context_id,
        id=message.id,
        question_id=message.parent_id,
        status=Status(message.status),
        text=message.content,
        error=message.error,
        model=message.model,
        prompt_tokens=message.prompt_tokens,
        answer_tokens=message.answer_tokens,
        cost=message.cost,
        first_token_ms=message.first_token_ms,
        tools=[ToolUseOut(**each) for each in message.tools],
    )
