"""When classes run. Terms are the administrators' to make; everybody may know them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import GradingPeriod, SchoolClass, Term
from faraday_app.classes.service.checking import line, must_be_current
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

PAGE = 25
LONGEST_DAYS = 800
Place = tuple[date, UUID]  # the keyset of a list of terms


@dataclass(frozen=True, slots=True)
class TermDraft:
    name: str
    starts_on: date
    ends_on: date


async def make(session: AsyncSession, actor: Actor, draft: TermDraft) -> Term:
    actor.must(Permission.rosters_manage)
    wanted = _clean(draft)
    await _refuse_same_name(session, actor, wanted.name)
    term = Term(
        organization_id=actor.organization, name=wanted.name, starts_on=wanted.starts_on, ends_on=wanted.ends_on
    )
    session.add(term)
    await session.flush()
    record(session, actor, "term.created", term, name=term.name, starts=str(term.starts_on), ends=str(term.ends_on))
    publish_on_commit(session, topic("terms", actor.organization))
    return term


async def change(session: AsyncSession, actor: Actor, term_id: UUID, version: int, draft: TermDraft) -> Term:
    """Conflict when the version is old. Its grading periods must still lie within it."""
    term = await locked(session, actor, term_id)
    must_be_current(version, term.version, f"“{term.name}”")
    wanted = _clean(draft)
    await _refuse_same_name(session, actor, wanted.name, but=term.id)
    await _refuse_cut_periods(session, term, wanted)
    before = _said(term)
    term.name, term.starts_on, term.ends_on = wanted.name, wanted.starts_on, wanted.ends_on
    term.version += 1
    record(session, actor, "term.changed", term, name=term.name, before=before, after=_said(term))
    publish_on_commit(session, topic("terms", actor.organization))
    return term


async def remove(session: AsyncSession, actor: Actor, term_id: UUID) -> None:
    """Only a term in which no class ever was."""
    term = await locked(session, actor, term_id)
    count = await session.scalar(
        select(func.count()).select_from(SchoolClass).where(col(SchoolClass.term_id) == term.id)
    )
    if count:
        raise Conflict(f"“{term.name}” has {count} class{'es' * (count != 1)}, archived ones included. It stays.")
    term.deleted_at = now()
    term.version += 1
    record(session, actor, "term.deleted", term, name=term.name)
    publish_on_commit(session, topic("terms", actor.organization))


async def listed(session: AsyncSession, actor: Actor, after: Place | None = None, limit: int = PAGE) -> list[Term]:
    """The newest first."""
    actor.must_at_all(Permission.classes_read)
    query = select(Term).where(col(Term.organization_id) == actor.organization, col(Term.deleted_at).is_(None))
    if after:
        query = query.where(tuple_(col(Term.starts_on), col(Term.id)) < after)
    found = await session.scalars(query.order_by(col(Term.starts_on).desc(), col(Term.id).desc()).limit(limit))
    return list(found)


async def place_of(session: AsyncSession, actor: Actor, term_id: UUID) -> Place:
    """Where a term stands in the list."""
    return (await get(session, actor, term_id)).starts_on, term_id


async def get(session: AsyncSession, actor: Actor, term_id: UUID) -> Term:
    actor.must_at_all(Permission.classes_read)
    term = await session.get(Term, term_id)
    if term is None or term.organization_id != actor.organization or term.deleted_at:
        raise NotFound("This term does not exist.")
    return term


async def locked(session: AsyncSession, actor: Actor, term_id: UUID) -> Term:
    """A term for whoever may change it, while nobody else does."""
    actor.must(Permission.rosters_manage)
    term = await session.get(Term, term_id, with_for_update=True, populate_existing=True)
    if term is None or term.organization_id != actor.organization or term.deleted_at:
        raise NotFound("This term does not exist.")
    return term


async def _lock(session: AsyncSession, actor: Actor) -> None:
    """One after the other: whoever comes second is told that the name is taken."""
    await session.execute(
        text("select pg_advisory_xact_lock(hashtext(:key))"), {"key": f"terms of {actor.organization}"}
    )


def _clean(draft: TermDraft) -> TermDraft:
    if draft.starts_on > draft.ends_on:
        raise Invalid("The last day lies before the first.", field="ends_on")
    if (draft.ends_on - draft.starts_on).days > LONGEST_DAYS:
        raise Invalid(f"A term can last up to {LONGEST_DAYS} days.", field="ends_on")
    return TermDraft(line(draft.name, 80, "name"), draft.starts_on, draft.ends_on)


def _said(term: Term) -> dict[str, str]:
    return {"name": term.name, "starts": str(term.starts_on), "ends": str(term.ends_on)}


async def _refuse_same_name(session: AsyncSession, actor: Actor, name: str, but: UUID | None = None) -> None:
    await _lock(session, actor)
    query = select(col(Term.id)).where(
        col(Term.organization_id) == actor.organization,
        func.lower(col(Term.name)) == func.lower(name),
        col(Term.deleted_at).is_(None),
        col(Term.id).is_distinct_from(but),
    )
    if await session.scalar(query.limit(1)):
        raise Conflict(f"There is a term “{name}” already. Give this one another name.")


async def _refuse_cut_periods(session: AsyncSession, term: Term, wanted: TermDraft) -> None:
    query = select(col(GradingPeriod.name)).where(
        col(GradingPeriod.term_id) == term.id,
        col(GradingPeriod.deleted_at).is_(None),
        (col(GradingPeriod.starts_on) < wanted.starts_on) | (col(GradingPeriod.ends_on) > wanted.ends_on),
    )
    if name := await session.scalar(query.order_by(col(GradingPeriod.starts_on)).limit(1)):
        raise Invalid(f"The grading period “{name}” would lie outside. Change its days first.", field="ends_on")
