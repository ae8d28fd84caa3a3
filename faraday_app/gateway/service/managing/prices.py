"""What tokens cost, from when on. A price that holds is never changed: the next one follows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, LimitReached
from faraday_app.core.money import CREDIT
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import DeploymentRow, ModelRow, PriceRow
from faraday_app.gateway.service.managing import reach
from faraday_app.security.service import record

MOST = 100  # of a deployment
DEAREST = 1_000_000 * CREDIT  # micro-credits for a million tokens
FARTHEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """Micro-credits for a million tokens of each kind, from a moment on; None: from now on."""

    input: int
    output: int
    cached_input: int | None = None
    valid_from: datetime | None = None


async def set_price(session: AsyncSession, actor: Actor, deployment_id: UUID, terms: PriceTerms) -> PriceRow:
    """Holds from its moment on, until the next one does. Answers that have begun are charged at the old one."""
    actor.must(Permission.models_manage)
    deployment = await reach.of_ours(session, actor, DeploymentRow, deployment_id, "deployment", lock=True)
    model = await session.get_one(ModelRow, deployment.model_id)
    at = now()
    since = terms.valid_from or at
    if not at - timedelta(minutes=1) <= since <= at + FARTHEST:
        raise Invalid("Choose a moment from now on, within two years.", field="valid_from")
    count = await session.scalar(select(func.count()).where(col(PriceRow.deployment_id) == deployment.id))
    if (count or 0) >= MOST:
        raise LimitReached(f"A deployment can have {MOST} prices.")
    before = await price_at(session, deployment.id, since)
    row = PriceRow(organization_id=actor.organization, deployment_id=deployment.id, valid_from=since, **_checked(terms))
    session.add(row)
    await reach.flush(session, "There is a price from this moment on already.")
    told = {"before": _amounts(before), "after": _amounts(row)} if before else {"after": _amounts(row)}
    record(session, actor, "model.price_set", model, name=model.name, since=since.isoformat(), **told)
    reach.announce(session, actor)
    return row


async def remove_price(session: AsyncSession, actor: Actor, price_id: UUID) -> None:
    """Only one that does not hold yet: what was charged must stay explained."""
    actor.must(Permission.models_manage)
    row = await reach.of_ours(session, actor, PriceRow, price_id, "price", lock=True)
    if row.valid_from <= now():
        raise Conflict("This price holds already. Set another one instead.")
    deployment = await session.get_one(DeploymentRow, row.deployment_id)
    model = await session.get_one(ModelRow, deployment.model_id)
    record(session, actor, "model.price_removed", model, name=model.name, since=row.valid_from.isoformat())
    await session.delete(row)
    reach.announce(session, actor)


async def list_prices(session: AsyncSession, actor: Actor, deployment_id: UUID) -> list[PriceRow]:
    """The newest first, future ones too; at most ``MOST``."""
    actor.must(Permission.models_manage)
    deployment = await reach.of_ours(session, actor, DeploymentRow, deployment_id, "deployment")
    query = select(PriceRow).where(col(PriceRow.deployment_id) == deployment.id)
    return list((await session.scalars(query.order_by(col(PriceRow.valid_from).desc()).limit(MOST))).all())


async def price_at(session: AsyncSession, deployment_id: UUID, moment: datetime) -> PriceRow | None:
    query = select(PriceRow).where(col(PriceRow.deployment_id) == deployment_id, col(PriceRow.valid_from) <= moment)
    return await session.scalar(query.order_by(col(PriceRow.valid_from).desc()).limit(1))


def _checked(terms: PriceTerms) -> dict[str, Any]:
    cached = terms.input if terms.cached_input is None else terms.cached_input
    return {
        "input": reach.within(terms.input, 0, DEAREST, "input"),
        "cached_input": reach.within(cached, 0, DEAREST, "cached_input"),
        "output": reach.within(terms.output, 0, DEAREST, "output"),
    }


def _amounts(row: PriceRow) -> dict[str, int]:
    return {"input": row.input, "cached_input": row.cached_input, "output": row.output}
