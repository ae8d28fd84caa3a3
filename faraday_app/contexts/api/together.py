"""Several GPTs at one question over HTTP: who answers and how, what they said, and the best of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.api.following import ABOUT_PARTS, STREAM, FollowingAll
from faraday_app.contexts.api.schemas import AnswerersIn, AnswerersOut, TogetherOut, together_out
from faraday_app.contexts.orchestration import asking
from faraday_app.contexts.service import answerers, lanes
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.lanes import Lanes
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/conversations", tags=["conversations"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]


@router.get("/{conversation_id}/answerers", summary="Get who answers", responses=problems(404, 422))
async def get_answerers(actor: Person, conversation_id: UUID) -> AnswerersOut:
    async with transaction(actor) as session:
        context, _ = await get_context(session, actor, conversation_id)
        return AnswerersOut.model_validate(context)


@router.put("/{conversation_id}/answerers", summary="Choose who answers", responses=problems(404, 422))
async def choose_answerers(actor: Person, conversation_id: UUID, wanted: AnswerersIn) -> AnswerersOut:
    """Up to six GPTs in their order, and how they answer together. One alone answers alone, none is the plain
    assistant."""
    async with transaction(actor) as session:
        return AnswerersOut.model_validate(await answerers.change(session, actor, conversation_id, wanted.answerers()))


@router.get(
    "/{conversation_id}/together/{orchestration_id}",
    summary="Get what several GPTs said",
    responses=problems(404, 422),
)
async def get_together(actor: Person, conversation_id: UUID, orchestration_id: UUID) -> TogetherOut:
    """The newest part of each GPT and step. A part that is being written is empty until it is done."""
    async with transaction(actor) as session:
        return together_out(await _read(session, actor, conversation_id, orchestration_id))


@router.get(
    "/{conversation_id}/together/{orchestration_id}/events",
    summary="Follow what several GPTs say",
    description=ABOUT_PARTS,
    response_class=StreamingResponse,
    responses={200: {"content": STREAM}, **problems(404, 422)},
)
async def follow_together(
    request: Request, actor: Person, conversation_id: UUID, orchestration_id: UUID
) -> StreamingResponse:
    async with transaction(actor) as session:
        found = await _read(session, actor, conversation_id, orchestration_id)
    return FollowingAll(request, actor, found).streamed()


@router.put(
    "/{conversation_id}/messages/{message_id}/kept",
    status_code=204,
    summary="Keep the best answer",
    responses=problems(404, 422),
)
async def keep(actor: Person, conversation_id: UUID, message_id: UUID) -> None:
    """The conversation goes on from this answer of one of several GPTs. The gateway learns from it which model is good
    at such questions."""
    async with transaction(actor) as session:
        await asking.keep(session, actor, conversation_id, message_id)


async def _read(session: AsyncSession, actor: Actor, conversation_id: UUID, orchestration_id: UUID) -> Lanes:
    found = await lanes.read(session, actor, orchestration_id)
    if found.orchestration.context_id != conversation_id:
        raise NotFound("These answers do not exist.")
    return found
