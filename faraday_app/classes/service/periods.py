"""Parts of a term that are graded on their own. While one is closed, no grade in it changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import GradingPeriod, SchoolClass, Term
from faraday_app.classes.service import changes, terms
from faraday_app.classes.service.checking import line, must_be_current
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

MOST = 20
HEAVIEST = 1_000
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class PeriodDraft:
    """``weight`` in percent of the course total; None: the period does not change the total."""

    name: str
    starts_on: date
    ends_on: date
    weight: Decimal | None = None


async def of_terms(session: AsyncSession, actor: Actor, term_ids: Collection[UUID]) -> dict[UUID, list[GradingPeriod]]:
    """The grading periods of each term, in the order of their days."""
    actor.must_at_all(Permission.classes_read)
    query = select(GradingPeriod).where(
        col(GradingPeriod.organization_id) == actor.organization,
        col(GradingPeriod.term_id).in_(term_ids),
        col(GradingPeriod.deleted_at).is_(None),
    )
    found: dict[UUID, list[GradingPeriod]] = {id: [] for id in term_ids}
    for period in await session.scalars(query.order_by(col(GradingPeriod.starts_on), col(GradingPeriod.id))):
        found[period.term_id].append(period)
    return found


async def find(session: AsyncSession, actor: Actor, period_id: UUID) -> GradingPeriod | None:
    """For whoever may change it; None where there is no such grading period."""
    actor.must(Permission.rosters_manage)
    period = await session.get(GradingPeriod, period_id)
    gone = period is None or period.organization_id != actor.organization or period.deleted_at
    return None if gone else period


async def add(session: AsyncSession, actor: Actor, term_id: UUID, draft: PeriodDraft) -> GradingPeriod:
    term = await terms.locked(session, actor, term_id)
    beside = (await of_terms(session, actor, [term.id]))[term.id]
    if len(beside) >= MOST:
        raise Invalid(f"A term can have up to {MOST} grading periods.")
    period = GradingPeriod(organization_id=actor.organization, term_id=term.id, **_fields(_clean(term, beside, draft)))
    session.add(period)
    await session.flush()
    record(session, actor, "grading_period.created", period, name=period.name, term=term.name, after=_said(period))
    await _announce(session, term)
    return period


async def change(
    session: AsyncSession, actor: Actor, period_id: UUID, version: int, draft: PeriodDraft
) -> GradingPeriod:
    """Conflict when the version is old, or while it is closed."""
    period, term = await _locked(session, actor, period_id)
    must_be_current(version, period.version, f"“{period.name}”")
    _must_be_open(period)
    beside = [each for each in (await of_terms(session, actor, [term.id]))[term.id] if each.id != period.id]
    before = _said(period)
    for name, value in _fields(_clean(term, beside, draft)).items():
        setattr(period, name, value)
    period.version += 1
    after = _said(period)
    record(session, actor, "grading_period.changed", period, name=period.name, before=before, after=after)
    await _announce(session, term)
    return period


async def remove(session: AsyncSession, actor: Actor, period_id: UUID) -> None:
    """What was graded in it counts as if there had been no such period."""
    period, term = await _locked(session, actor, period_id)
    _must_be_open(period)
    period.deleted_at = now()
    period.version += 1
    record(session, actor, "grading_period.deleted", period, name=period.name, term=term.name)
    await _announce(session, term)


async def close(session: AsyncSession, actor: Actor, period_id: UUID) -> None:
    """From now on no grade in it changes. Nothing happens where it is closed already."""
    period, term = await _locked(session, actor, period_id)
    if period.closed_at is None:
        period.closed_at = now()
        period.version += 1
        record(session, actor, "grading_period.closed", period, name=period.name, term=term.name)
        await _announce(session, term)


async def reopen(session: AsyncSession, actor: Actor, period_id: UUID) -> None:
    period, term = await _locked(session, actor, period_id)
    if period.closed_at is not None:
        closed, period.closed_at = period.closed_at, None
        period.version += 1
        record(session, actor, "grading_period.reopened", period, name=period.name, closed=closed.isoformat())
        await _announce(session, term)


async def _locked(session: AsyncSession, actor: Actor, period_id: UUID) -> tuple[GradingPeriod, Term]:
    """With its term, so that two who change periods of a term wait for each other."""
    actor.must(Permission.rosters_manage)
    period = await session.get(GradingPeriod, period_id)
    if period is None or period.organization_id != actor.organization:
        raise NotFound("This grading period does not exist.")
    term = await terms.locked(session, actor, period.term_id)
    await session.refresh(period)
    if period.deleted_at:
        raise NotFound("This grading period does not exist.")
    return period, term


def _must_be_open(period: GradingPeriod) -> None:
    if period.closed_at is not None:
        raise Conflict(f"“{period.name}” is closed. Reopen it first.")


def _clean(term: Term, beside: list[GradingPeriod], draft: PeriodDraft) -> PeriodDraft:
    name = line(draft.name, 80, "name")
    if draft.starts_on > draft.ends_on:
        raise Invalid("The last day lies before the first.", field="ends_on")
    if draft.starts_on < term.starts_on or draft.ends_on > term.ends_on:
        raise Invalid(f"It must lie within “{term.name}”: {term.starts_on} to {term.ends_on}.", field="starts_on")
    for other in beside:
        if draft.starts_on <= other.ends_on and other.starts_on <= draft.ends_on:
            raise Invalid(f"It overlaps “{other.name}”, {other.starts_on} to {other.ends_on}.", field="starts_on")
        if other.name.lower() == name.lower():
            raise Conflict(f"This term has a grading period “{other.name}” already.")
    return PeriodDraft(name, draft.starts_on, draft.ends_on, _weight(draft.weight))


def _weight(weight: Decimal | None) -> Decimal | None:
    if weight is None:
        return None
    if not weight.is_finite() or not 0 <= weight <= HEAVIEST:
        raise Invalid(f"Enter a weight from 0 to {HEAVIEST:,} percent, or none.", field="weight")
    return weight.quantize(PLACES)


def _fields(draft: PeriodDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "starts_on": draft.starts_on,
        "ends_on": draft.ends_on,
        "weight": draft.weight,
    }


def _said(period: GradingPeriod) -> dict[str, str]:
    weight = "" if period.weight is None else f"{period.weight.normalize():f} %"
    return {"name": period.name, "starts": str(period.starts_on), "ends": str(period.ends_on), "weight": weight}


async def _announce(session: AsyncSession, term: Term) -> None:
    """Totals of all classes of the term follow."""
    publish_on_commit(session, topic("terms", term.organization_id))
    of_term = (col(SchoolClass.term_id) == term.id, col(SchoolClass.archived_at).is_(None))
    query = select(col(SchoolClass.id)).where(*of_term)
    class_ids = list(await session.scalars(query.order_by(col(SchoolClass.id))))
    await changes.decided(session, class_ids)
    for class_id in class_ids:
        publish_on_commit(session, topic("grades", class_id))
