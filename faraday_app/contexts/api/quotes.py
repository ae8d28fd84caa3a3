"""What a question would cost and an answer was given, and what models are given at all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.models import Mode
from faraday_app.contexts.orchestration import quotes
from faraday_app.contexts.service import languages, receipts, summaries
from faraday_app.contexts.service.branches import LONGEST_MESSAGE
from faraday_app.contexts.service.conversations import get_context
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/conversations", tags=["conversations"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]


class EstimateOut(BaseModel):
    """Micro-credits: of a short answer, of the middle one, and what is set aside."""

    model_config = ConfigDict(from_attributes=True)

    least: int = Field(examples=[90_000])
    likely: int = Field(examples=[310_000])
    most: int = Field(examples=[800_000])


class PortionOut(BaseModel):
    """A part of the model's window."""

    model_config = ConfigDict(from_attributes=True)

    part: str = Field(description="`instructions`, a kind of material, `turns`, `question` or `answer`.")
    tokens: int = Field(description="At most.")
    count: int
    left_out: int = Field(description="Things of this part that found no place.")


class CheaperOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    label: str
    tier: int = Field(description="Quality, 1 to 5.")
    likely: int = Field(description="Micro-credits.")


class QuoteOut(BaseModel):
    """``available`` is what the payer, whoever asks, has now."""

    whole: EstimateOut
    first: EstimateOut = Field(description="The first step, where several GPTs answer together.")
    calls: int = Field(description="Answers that may be given, with plans, votes and choices.")
    tool_rounds: int = Field(description="Rounds in which tools may be used for one answer; `most` counts them all.")
    likely_tool_rounds: int = Field(description="As it is as a rule; `likely` counts these. `least` counts none.")
    mode: Mode
    available: int | None = Field(description="Micro-credits; null for those who may not see them.")
    after: int | None = Field(description="What is left at least.")
    affordable: bool
    cheaper: CheaperOut | None
    window: int
    portions: list[PortionOut]
    off_by_percent: float | None = Field(description="The median of the last 30 days; null without any answer.")
    judged_by: int = Field(description="Answers from which that is counted.")


class QuestionToBe(BaseModel):
    message: Annotated[Text, Field(max_length=LONGEST_MESSAGE, examples=["Explain photosynthesis."])] = ""


class LineOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    key: str = Field(description="By this it can be left out; empty for what cannot.")
    kind: str
    title: str
    version: int
    tokens: int = Field(description="At most.")
    cost: int | None = Field(description="Micro-credits, by the model that answered; null where it is gone.")
    given: bool = Field(description="False: it found no place.")
    left_out: bool = Field(description="The conversation leaves it out from now on.")
    count: int
    why: str = Field(description="Of a memory, why it was chosen for this question.")


class GivenOut(BaseModel):
    """What an answer was given."""

    model_config = ConfigDict(from_attributes=True)

    message_id: UUID
    version: int = Field(description="Of the conversation, for a change.")
    window: int
    turns_left_out: int
    lines: list[LineOut]


class LeftOutIn(BaseModel):
    key: Annotated[Text, Field(min_length=1, max_length=120, examples=["data:0192f0c4-0000-7000-8000-000000000000"])]
    left_out: bool = True
    version: int | None = Field(None, description="The version the change was made for.", ge=1, le=2**31 - 1)


class LanguageIn(BaseModel):
    language: Annotated[Text, Field(max_length=16, examples=["lt"])] = Field(
        description="Empty: as whoever asks prefers; `model`: as the model chooses; `question`: as it is asked; or: "
        + ", ".join(languages.NAMES)
    )


class SummaryOut(BaseModel):
    """A summary of old turns. The turns stay as they are."""

    id: UUID
    ends_at_id: UUID = Field(description="The last message that it tells.")
    stage: str = Field(description="`wanted`, `ready` or `failed`.")
    error: str
    turns: int
    cost: int = Field(description="Micro-credits, paid by whoever asked the question that needed it.")
    text: str


@router.post(
    "/{conversation_id}/quote",
    summary="Ask what a question would cost",
    responses=problems(404, 422),
)
async def quote(actor: Person, conversation_id: UUID, question: QuestionToBe) -> QuoteOut:
    """Nothing is sent, set aside or kept."""
    async with transaction(actor) as session:
        found = await quotes.quote(session, actor, conversation_id, question.message)
    spread, payer = found.one.ready.spread, found.payer
    return QuoteOut(
        whole=EstimateOut.model_validate(found.whole),
        first=EstimateOut.model_validate(found.first),
        calls=found.calls,
        tool_rounds=found.rounds,
        likely_tool_rounds=found.likely_rounds,
        mode=found.mode,
        available=payer.available if payer else None,
        after=max(0, payer.available - found.whole.most) if payer else None,
        affordable=found.affordable,
        cheaper=CheaperOut.model_validate(found.cheaper) if found.cheaper else None,
        window=spread.window if spread else 0,
        portions=[PortionOut.model_validate(each) for each in (spread.portions if spread else ())],
        off_by_percent=found.accuracy.percent,
        judged_by=found.accuracy.answers,
    )


@router.get(
    "/{conversation_id}/messages/{message_id}/given",
    summary="See what an answer was given",
    responses=problems(404, 422),
)
async def get_given(actor: Person, conversation_id: UUID, message_id: UUID) -> GivenOut:
    """For whoever may write in the conversation."""
    async with transaction(actor) as session:
        return GivenOut.model_validate(await receipts.of_answer(session, actor, message_id, conversation_id))


@router.put(
    "/{conversation_id}/left-out",
    status_code=204,
    summary="Leave something out, or take it in again",
    responses=problems(404, 409, 422),
)
async def change_left_out(actor: Person, conversation_id: UUID, change: LeftOutIn) -> None:
    """From now on, whoever asks."""
    act = receipts.leave_out if change.left_out else receipts.take_in
    async with transaction(actor) as session:
        await act(session, actor, conversation_id, change.key, version=change.version)


@router.put(
    "/{conversation_id}/language",
    status_code=204,
    summary="Choose the language of answers",
    responses=problems(404, 422),
)
async def choose_language(actor: Person, conversation_id: UUID, wanted: LanguageIn) -> None:
    async with transaction(actor) as session:
        await languages.choose(session, actor, conversation_id, wanted.language)


@router.get(
    "/{conversation_id}/summaries",
    summary="List summaries of old turns",
    responses=problems(404, 422),
)
async def list_summaries(actor: Person, conversation_id: UUID) -> list[SummaryOut]:
    """The newest 50 first."""
    async with transaction(actor) as session:
        await get_context(session, actor, conversation_id)
        rows = await summaries.listed(session, conversation_id)
        return [
            SummaryOut(**row.model_dump(include=set(SummaryOut.model_fields)), text=await summaries.text_of(row))
            for row in rows
        ]
