"""The way that calls went, for whoever asked and for those who manage models."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import RouteReceipt

PAGE = 25


@dataclass(frozen=True, slots=True)
class Way:
    """Whose call it was, and what became of each attempt: (model, fault, whether anything came)."""

    user_id: UUID | None
    attempts: tuple[tuple[str, str, bool], ...]


async def receipt_of_answer(session: AsyncSession, actor: Actor, message_id: UUID) -> RouteReceipt:
    return _theirs(actor, await session.scalar(_ours(actor).where(col(RouteReceipt.message_id) == message_id)))


async def get_receipt(session: AsyncSession, actor: Actor, receipt_id: UUID) -> RouteReceipt:
    return _theirs(actor, await session.scalar(_ours(actor).where(col(RouteReceipt.id) == receipt_id)))


async def list_receipts(
    session: AsyncSession,
    actor: Actor,
    after: UUID | None = None,
    limit: int = PAGE,
    *,
    model: str = "",
    troubled: bool = False,
) -> list[RouteReceipt]:
    """Newest first; ``troubled``: only those that failed or needed several attempts."""
    actor.must(Permission.models_manage)
    query = _ours(actor)
    if after is not None:
        query = query.where(col(RouteReceipt.id) < after)
    if model:
        query = query.where(col(RouteReceipt.model) == model)
    if troubled:
        several = func.jsonb_array_length(col(RouteReceipt.attempts)) > 1
        query = query.where(or_(several, col(RouteReceipt.outcome) == "failed"))
    return list((await session.scalars(query.order_by(col(RouteReceipt.id).desc()).limit(limit))).all())


async def ways_of(session: AsyncSession, organization_id: UUID, message_ids: Sequence[UUID]) -> dict[UUID, Way]:
    """Of answers that whoever looks may see; what it tells, the answer itself tells too."""
    query = select(col(RouteReceipt.message_id), col(RouteReceipt.user_id), col(RouteReceipt.attempts)).where(
        col(RouteReceipt.organization_id) == organization_id, col(RouteReceipt.message_id).in_(message_ids)
    )
    return {
        message_id: Way(
            user_id, tuple((each["model"], each["fault"], bool(each["answer_tokens"])) for each in attempts)
        )
        for message_id, user_id, attempts in await session.execute(query)
    }


def _ours(actor: Actor) -> Select[RouteReceipt]:
    return select(RouteReceipt).where(col(RouteReceipt.organization_id) == actor.organization)


def _theirs(actor: Actor, receipt: RouteReceipt | None) -> RouteReceipt:
    """Somebody else's is none, but for those who manage models."""
    actor.must(Permission.models_read)
    if receipt is None or not (receipt.user_id == actor.user_id or actor.may(Permission.models_manage)):
        raise NotFound("There is no account of how this answer came about, or it belongs to whoever asked.")
    return receipt
