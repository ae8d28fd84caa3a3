"""What people think of an answer, and what is learned from it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor
from faraday_app.gateway.models import RouteReceipt
from faraday_app.gateway.service import catalogue, learning


async def rate(session: AsyncSession, actor: Actor, message_id: UUID, *, good: bool) -> None:
    """Judge the answer of a message; whether the actor may see it is the caller's to know.

    The first judgement is learned from, and only once, whoever changes their mind.
    """
    query = select(RouteReceipt).where(
        col(RouteReceipt.organization_id) == actor.organization, col(RouteReceipt.message_id) == message_id
    )
    receipt = await session.scalar(query.with_for_update())
    if receipt is None or not receipt.model:
        raise NotFound("This answer cannot be judged.")
    is_first = receipt.rated_at is None
    receipt.quality, receipt.rated_at = int(good), now()
    if is_first:
        waited = receipt.first_token_ms / 1000 if receipt.first_token_ms is not None else None
        dearest = await _dearest(actor, receipt)
        worth = learning.worth(float(good), waited, receipt.cost, dearest)
        async with as_faraday(session):
            await learning.learn(session, actor.organization, receipt.task, receipt.model, worth)


async def _dearest(actor: Actor, receipt: RouteReceipt) -> int:
    """What the same tokens would have cost at the dearest model on offer."""
    offered = await catalogue.offered(actor.organization_id)
    return max(model.most(receipt.prompt_tokens, receipt.answer_tokens) for model in offered.models)
