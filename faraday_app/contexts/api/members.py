"""Who shares a conversation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from faraday_app.contexts.api.schemas import AccessIn, MemberOut
from faraday_app.contexts.service import sharing
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/conversations", tags=["conversations"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]


@router.get("/{conversation_id}/members", summary="List members", responses=problems(404, 422))
async def list_members(actor: Person, conversation_id: UUID) -> list[MemberOut]:
    """The owner first, then by name; at most 50."""
    async with transaction(actor) as session:
        shared = await sharing.members(session, actor, conversation_id)
    return [MemberOut(user_id=each.user_id, name=each.name, access=each.access) for each in shared]


@router.put(
    "/{conversation_id}/members/{user_id}",
    status_code=204,
    summary="Share with a colleague, or change their access",
    responses=problems(404, 422),
)
async def share(actor: Person, conversation_id: UUID, user_id: UUID, wanted: AccessIn) -> None:
    """The owner's to do, with active members of the same organisation."""
    async with transaction(actor) as session:
        await sharing.share(session, actor, conversation_id, user_id, wanted.access)


@router.delete(
    "/{conversation_id}/members/{user_id}",
    status_code=204,
    summary="Withdraw access",
    responses=problems(404, 422),
)
async def withdraw(actor: Person, conversation_id: UUID, user_id: UUID) -> None:
    """Holds at once, also for open pages and streams. Anybody can give up their own access."""
    async with transaction(actor) as session:
        await sharing.withdraw(session, actor, conversation_id, user_id)
