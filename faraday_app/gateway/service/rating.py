"""What people think of an answer, and what is learned from it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import AnswerRating, RouteReceipt
from faraday_app.gateway.service import catalogue, learning
from faraday_app.security.service import record
from faraday_app.security.service.audit import Thing

LONGEST_REASON = 300
MOST_REASONS = 20


async def rate(session: AsyncSession, actor: Actor, message_id: UUID, *, good: bool, reason: str = "") -> None:
    """Judge the answer of a message; whether the actor may see it is the caller's to know.

    Each person has one judgement of an answer, their last. What an answer is worth is learned from the first one
    alone, whoever else judges or changes their mind.
    """
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Say it in up to {LONGEST_REASON} characters.", field="reason")
    receipt = await _receipt(session, actor, message_id)
    rating = await _of(session, actor, message_id)
    if rating is None:
        rating = AnswerRating(
            organization_id=actor.organization,
            user_id=actor.user,
            message_id=message_id,
            good=good,
            task=receipt.task,
            model=receipt.model,
            deployment_id=receipt.deployment_id,
        )
        session.add(rating)
    rating.good, rating.reason = good, reason
    if receipt.rated_at is None:
        await _learn(session, actor, receipt, good)
    receipt.quality, receipt.rated_at = int(good), now()
    record(session, actor, "answer.judged", Thing("messages", message_id), good=good, model=receipt.model)
    _announce(session, actor, message_id)


async def prefer(session: AsyncSession, actor: Actor, kept: UUID, others: Collection[UUID]) -> None:
    """Judge the answer of a message as better than others to the same question, each of which was not kept.

    A win for its model against those that lost to it; between answers of one model there is nothing to learn. What
    was judged before stays as it was judged, and nobody is counted as having judged these one by one.
    """
    query = select(RouteReceipt).where(
        col(RouteReceipt.organization_id) == actor.organization, col(RouteReceipt.message_id).in_([kept, *others])
    )
    receipts = list(await session.scalars(query.order_by(col(RouteReceipt.id)).with_for_update()))
    best = next((each for each in receipts if each.message_id == kept and each.model), None)
    lost = [each for each in receipts if best and each is not best and each.model not in ("", best.model)]
    for receipt in [best, *lost] if best and lost else ():
        if receipt.rated_at is None:
            await _learn(session, actor, receipt, receipt is best)
            receipt.quality, receipt.rated_at = int(receipt is best), now()


async def take_back(session: AsyncSession, actor: Actor, message_id: UUID) -> None:
    """The actor's own judgement. What was learned from it stays, as nobody can say any more what it was."""
    gone = delete(AnswerRating).where(
        col(AnswerRating.organization_id) == actor.organization,
        col(AnswerRating.message_id) == message_id,
        col(AnswerRating.user_id) == actor.user,
    )
    if (await session.execute(gone.returning(col(AnswerRating.id)))).first():
        record(session, actor, "answer.judgement_taken_back", Thing("messages", message_id))
        _announce(session, actor, message_id)


async def mine(session: AsyncSession, actor: Actor, message_ids: Sequence[UUID]) -> dict[UUID, AnswerRating]:
    """What the actor thinks of these answers, where they said it."""
    query = select(AnswerRating).where(
        col(AnswerRating.organization_id) == actor.organization,
        col(AnswerRating.user_id) == actor.user,
        col(AnswerRating.message_id).in_(message_ids),
    )
    return {row.message_id: row for row in await session.scalars(query)}


async def reasons(session: AsyncSession, actor: Actor, model: str) -> list[AnswerRating]:
    """The newest judgements of a model that say why. For those who manage models; without who said so."""
    actor.must(Permission.models_manage)
    query = select(AnswerRating).where(
        col(AnswerRating.organization_id) == actor.organization,
        col(AnswerRating.model) == model,
        col(AnswerRating.reason) != "",
    )
    return list((await session.scalars(query.order_by(col(AnswerRating.id).desc()).limit(MOST_REASONS))).all())


async def _receipt(session: AsyncSession, actor: Actor, message_id: UUID) -> RouteReceipt:
    query = select(RouteReceipt).where(
        col(RouteReceipt.organization_id) == actor.organization, col(RouteReceipt.message_id) == message_id
    )
    receipt = await session.scalar(query.with_for_update())
    if receipt is None or not receipt.model:
        raise NotFound("This answer cannot be judged.")
    return receipt


async def _of(session: AsyncSession, actor: Actor, message_id: UUID) -> AnswerRating | None:
    return (await mine(session, actor, [message_id])).get(message_id)


async def _learn(session: AsyncSession, actor: Actor, receipt: RouteReceipt, good: bool) -> None:
    waited = receipt.first_token_ms / 1000 if receipt.first_token_ms is not None else None
    worth = learning.worth(float(good), waited, receipt.cost, await _dearest(actor, receipt))
    async with as_faraday(session):
        await learning.learn(session, actor.organization, receipt.task, receipt.model, worth)


async def _dearest(actor: Actor, receipt: RouteReceipt) -> int:
    """What the same tokens would have cost at the dearest model on offer."""
    offered = await catalogue.offered(actor.organization_id)
    return max(model.most(receipt.prompt_tokens, receipt.answer_tokens) for model in offered.models)


def _announce(session: AsyncSession, actor: Actor, message_id: UUID) -> None:
    publish_on_commit(session, topic("receipts", actor.organization))
    publish_on_commit(session, topic("judged", actor.user), message_id)
