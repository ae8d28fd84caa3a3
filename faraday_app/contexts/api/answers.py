"""Ask, and have the answer at its end or as it comes: of one, or of several at once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.api.following import ABOUT_EVENTS, ABOUT_PARTS, STREAM, Following, FollowingAll
from faraday_app.contexts.api.schemas import AnswerOut, Question, TogetherOut, answer_out, together_out
from faraday_app.contexts.orchestration import asking
from faraday_app.contexts.orchestration.asking import Started
from faraday_app.contexts.orchestration.conductor import conductor
from faraday_app.contexts.service import lanes, runs
from faraday_app.contexts.service.answers import Answer, get_answer
from faraday_app.contexts.service.lanes import Lanes
from faraday_app.contexts.service.templates import uses
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import OptionalIdempotencyKey
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/conversations", tags=["conversations"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Seen = Annotated[
    int,
    Header(alias="Last-Event-ID", ge=0, le=2**31 - 1, description="The id of the last event that arrived."),
]


@router.post(
    "/{conversation_id}/messages",
    summary="Ask",
    description="Waits for the whole answer, or with `stream` sends it as it comes:\n"
    + ABOUT_EVENTS
    + "\nWhere several GPTs answer together, it waits for all of them, or sends what each says:\n"
    + ABOUT_PARTS,
    response_model=AnswerOut | TogetherOut,
    responses={200: {"content": STREAM}, **problems(402, 404, 409, 422)},
)
async def ask(
    request: Request, actor: Person, conversation_id: UUID, question: Question, key: OptionalIdempotencyKey = None
) -> AnswerOut | TogetherOut | StreamingResponse:
    async with transaction(actor) as session:
        started = await asking.ask(session, actor, conversation_id, question.message, key)
        begun = await _begun(session, actor, started)
        asked_id = begun.orchestration.asked_id if isinstance(begun, Lanes) else begun.message.parent_id
        if question.template_version and asked_id:
            await uses.remember(session, actor, asked_id, question.template_version)
    conductor.launch(started)
    following = FollowingAll(request, actor, begun) if isinstance(begun, Lanes) else Following(request, actor, begun)
    return following.streamed() if question.stream else await following.end()


@router.post(
    "/{conversation_id}/messages/{message_id}/retry",
    status_code=202,
    summary="Try an answer again",
    responses=problems(402, 404, 409, 422),
)
async def retry(actor: Person, conversation_id: UUID, message_id: UUID) -> AnswerOut | TogetherOut:
    """Beside the earlier one. Of what several GPTs said that part alone; what waited for it goes on. Follow its
    events to see what comes."""
    async with transaction(actor) as session:
        started = await asking.retry(session, actor, conversation_id, message_id)
        begun = await _begun(session, actor, started)
    conductor.launch(started)
    return together_out(begun) if isinstance(begun, Lanes) else answer_out(begun)


@router.get("/{conversation_id}/runs/{run_id}", summary="Get an answer", responses=problems(404, 422))
async def get_run(actor: Person, conversation_id: UUID, run_id: UUID) -> AnswerOut:
    """While it is being written, `status` is `running` and `text` empty."""
    async with transaction(actor) as session:
        return answer_out(await get_answer(session, actor, conversation_id, run_id))


@router.get(
    "/{conversation_id}/runs/{run_id}/events",
    summary="Follow an answer",
    description="From its beginning, or from where another stream broke off.\n" + ABOUT_EVENTS,
    response_class=StreamingResponse,
    responses={200: {"content": STREAM}, **problems(404, 422)},
)
async def follow_run(
    request: Request, actor: Person, conversation_id: UUID, run_id: UUID, seen: Seen = 0
) -> StreamingResponse:
    async with transaction(actor) as session:
        answer = await get_answer(session, actor, conversation_id, run_id)
    return Following(request, actor, answer).streamed(seen)


@router.post("/{conversation_id}/stop", status_code=204, summary="Stop the answer", responses=problems(404, 422))
async def stop(actor: Person, conversation_id: UUID) -> None:
    """What has come is kept and paid for; of several GPTs all stop. Without an answer being written nothing happens."""
    async with transaction(actor) as session:
        await runs.stop(session, actor, conversation_id)


async def _begun(session: AsyncSession, actor: Actor, started: Started) -> Lanes | Answer:
    if started.orchestration:
        return await lanes.read(session, actor, started.orchestration.id)
    return await get_answer(session, actor, started.context_id, started.runs[0].id)
