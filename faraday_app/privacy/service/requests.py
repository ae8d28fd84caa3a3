"""Asking for what is kept of a person, and for its end."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.service.access import children_of
from faraday_app.core import files
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.models import Membership
from faraday_app.organizations.service import people
from faraday_app.privacy.models import Erasure, ErasureState
from faraday_app.privacy.service import erasing, retention
from faraday_app.security.service import record
from faraday_app.security.service.audit import Thing

GRACE = timedelta(days=3)
AGAIN = timedelta(days=1)  # until records whose retention is not over are looked at once more
OPEN = (ErasureState.waiting, ErasureState.records)
PAGE = 50
_log = structlog.get_logger(__name__)


async def must_concern(session: AsyncSession, actor: Actor, person_id: UUID) -> None:
    """Themselves, a child of theirs, or, for whoever manages privacy, anybody of the organisation; else NotFound."""
    actor.must(Permission.records_read)
    if person_id == actor.user:
        return
    if await session.scalar(
        select(exists().where(col(User.id) == person_id, col(User.id).in_(children_of(actor.user))))
    ):
        return
    if not actor.may(Permission.privacy_manage) or not await _is_member(session, actor, person_id):
        raise NotFound


async def may_export(session: AsyncSession, actor: Actor, person_id: UUID) -> None:
    """NotFound or NotPermitted for whom it does not concern; whoever exports shows again who they are."""
    await must_concern(session, actor, person_id)
    actor.must_be_confirmed()


async def ask_erasure(session: AsyncSession, actor: Actor, person_id: UUID, reason: str = "") -> Erasure:
    """The person is let go at once, and erased after three days in which this can be taken back.

    Conflict where it has been asked already, Invalid for oneself and the last administrator.
    """
    actor.must(Permission.privacy_manage)
    if not await _is_member(session, actor, person_id):
        raise NotFound
    actor.must_be_confirmed()
    if await _open(session, actor.organization, person_id):
        raise Conflict("This person is to be erased already.")
    await people.deactivate(session, actor, person_id)
    erasure = Erasure(
        organization_id=actor.organization,
        subject_id=person_id,
        asked_by=actor.user_id,
        reason=reason.strip()[:400],
        due_at=now() + GRACE,
    )
    session.add(erasure)
    await session.flush()
    record(session, actor, "person.erasure_asked", Thing("users", person_id), due=erasure.due_at.isoformat())
    publish_on_commit(session, topic("privacy", actor.organization))
    return erasure


async def cancel(session: AsyncSession, actor: Actor, erasure_id: UUID) -> None:
    """As long as nothing is erased. The person stays deactivated until somebody lets them in again."""
    actor.must(Permission.privacy_manage)
    query = select(Erasure).where(col(Erasure.id) == erasure_id, col(Erasure.organization_id) == actor.organization)
    erasure = await session.scalar(query.with_for_update())
    if erasure is None:
        raise NotFound
    if erasure.state != ErasureState.waiting:
        raise Conflict("It is too late: this has been done or taken back.")
    erasure.state, erasure.finished_at = ErasureState.cancelled, now()
    record(session, actor, "person.erasure_cancelled", Thing("users", erasure.subject_id))
    publish_on_commit(session, topic("privacy", actor.organization))


async def erasures(
    session: AsyncSession, actor: Actor, before: UUID | None = None, limit: int = PAGE
) -> Sequence[tuple[Erasure, str]]:
    """Of the organisation, newest first, with the name the person has now."""
    actor.must(Permission.privacy_manage)
    query = (
        select(Erasure, col(User.name))
        .join(User, col(User.id) == col(Erasure.subject_id))
        .where(col(Erasure.organization_id) == actor.organization)
        .order_by(col(Erasure.id).desc())
        .limit(limit)
    )
    if before:
        query = query.where(col(Erasure.id) < before)
    return [(row[0], row[1]) for row in await session.execute(query)]


async def work() -> int:
    """Do every erasure that is due, one transaction each, whichever worker comes first; how many were ended."""
    ended = 0
    while True:
        async with transaction(Actor.system()) as session:
            query = select(Erasure).where(col(Erasure.state).in_(OPEN), col(Erasure.due_at) <= now()).limit(1)
            erasure = await session.scalar(query.with_for_update(skip_locked=True))
            if erasure is None:
                return ended
            gone = await _carry_out(session, erasure)
            ended += erasure.state == ErasureState.done
        for organization_id, file_id in gone:
            await files.remove(organization_id, file_id)


async def _carry_out(session: AsyncSession, erasure: Erasure) -> erasing.Files:
    of = (session, erasure.subject_id, erasure.organization_id)
    whole = not await erasing.has_records(*of) or await retention.is_over(*of)
    erased, gone = await erasing.erase(*of, records=whole)
    erasure.erased = {**erasure.erased, **{table: erasure.erased.get(table, 0) + n for table, n in erased.items()}}
    erasure.state = ErasureState.done if whole else ErasureState.records
    erasure.due_at = now() + AGAIN
    erasure.finished_at = now() if whole else None
    faraday = Actor.system(erasure.organization_id)
    record(
        session, faraday, "person.erased", Thing("users", erasure.subject_id), whole=whole, rows=sum(erased.values())
    )
    publish_on_commit(session, topic("privacy", erasure.organization_id))
    return gone


async def _open(session: AsyncSession, organization_id: UUID, person_id: UUID) -> bool:
    found = exists().where(
        col(Erasure.organization_id) == organization_id,
        col(Erasure.subject_id) == person_id,
        col(Erasure.state).in_(OPEN),
    )
    return bool(await session.scalar(select(found)))


async def _is_member(session: AsyncSession, actor: Actor, person_id: UUID) -> bool:
    found = exists().where(col(Membership.user_id) == person_id, col(Membership.organization_id) == actor.organization)
    return bool(await session.scalar(select(found)))
