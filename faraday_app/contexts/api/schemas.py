"""What goes over HTTP about conversations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.models import Access, Author, Context, Run, Status
from faraday_app.contexts.service.answers import Answer
from faraday_app.contexts.service.branches import LONGEST_MESSAGE, Shown
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
    )
