"""Whose child somebody is. One guardian may have several children, and a child several guardians."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Guardianship
from faraday_app.classes.service.checking import line, members_named, name_of
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.security.service import record

PAGE = 25
MOST = 12
WHOEVER_IS_GROWN = tuple(role for role in Role if role is not Role.student)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guardian and their child."""

    id: UUID
    guardian_id: UUID
    guardian: str
    guardian_email: str
    student_id: UUID
    student: str
    student_email: str
    relationship: str


async def link(
    session: AsyncSession, actor: Actor, guardian_id: UUID, student_id: UUID, relationship: str = ""
) -> Guardianship:
    """From now on the guardian reads what was released about the child."""
    actor.must(Permission.guardians_manage)
    said = line(relationship, 40, "relationship", needed=False)
    if guardian_id == student_id:
        raise Invalid("Choose two people: nobody is their own guardian.")
    await _lock(session, student_id)
    student = (await members_named(session, actor, [student_id], (Role.student,), "Choose a student."))[student_id]
    guardian = (await members_named(session, actor, [guardian_id], WHOEVER_IS_GROWN, "Choose somebody grown up."))[
        guardian_id
    ]
    await _refuse_repeat(session, guardian_id, guardian, student_id, student)
    made = Guardianship(
        organization_id=actor.organization,
        guardian_id=guardian_id,
        student_id=student_id,
        relationship=said,
        made_by=actor.user_id,
    )
    session.add(made)
    await session.flush()
    _tell(session, actor, "guardianship.created", made, guardian, student)
    return made


async def unlink(session: AsyncSession, actor: Actor, guardianship_id: UUID) -> None:
    """From now on they see nothing of the child."""
    actor.must(Permission.guardians_manage)
    found = await session.get(Guardianship, guardianship_id, with_for_update=True, populate_existing=True)
    if found is None or found.organization_id != actor.organization or found.ended_at:
        raise NotFound("These two are not linked.")
    found.ended_at = now()
    guardian, student = await name_of(session, found.guardian_id), await name_of(session, found.student_id)
    _tell(session, actor, "guardianship.ended", found, guardian, student)


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    sought: str = "",
    guardian_id: UUID | None = None,
    student_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE,
) -> list[Guarded]:
    """By the child's name; ``after`` is the last one of the page before. Needs ``guardians:manage``."""
    actor.must(Permission.guardians_manage)
    guardian, student = aliased(User), aliased(User)
    query = _all(guardian, student).where(col(Guardianship.organization_id) == actor.organization)
    if words := sought.strip():
        query = query.where(
            guardian.name.icontains(words, autoescape=True)  # type: ignore[attr-defined]
            | student.name.icontains(words, autoescape=True)  # type: ignore[attr-defined]
        )
    if guardian_id:
        query = query.where(col(Guardianship.guardian_id) == guardian_id)
    if student_id:
        query = query.where(col(Guardianship.student_id) == student_id)
    if after and (last := await _one(session, actor, after)):
        query = query.where(tuple_(student.name, col(Guardianship.id)) > (last.student, last.id))
    rows = await session.execute(query.order_by(student.name, col(Guardianship.id)).limit(limit))
    return [Guarded(*row) for row in rows]


async def one(session: AsyncSession, actor: Actor, guardianship_id: UUID) -> Guarded:
    actor.must(Permission.guardians_manage)
    found = await _one(session, actor, guardianship_id)
    if found is None:
        raise NotFound("These two are not linked.")
    return found


async def _one(session: AsyncSession, actor: Actor, guardianship_id: UUID) -> Guarded | None:
    guardian, student = aliased(User), aliased(User)
    query = _all(guardian, student).where(
        col(Guardianship.id) == guardianship_id, col(Guardianship.organization_id) == actor.organization
    )
    row = (await session.execute(query)).one_or_none()
    return Guarded(*row) if row else None


async def of_students(session: AsyncSession, student_ids: Collection[UUID]) -> dict[UUID, list[Guarded]]:
    """The guardians of each by name, for whoever may see them already: the staff of their class."""
    guardian, student = aliased(User), aliased(User)
    query = _all(guardian, student).where(col(Guardianship.student_id).in_(student_ids))
    found: dict[UUID, list[Guarded]] = {id: [] for id in student_ids}
    for row in await session.execute(query.order_by(guardian.name, col(Guardianship.id))):
        found[row.student_id].append(Guarded(*row))
    return found


async def guardians_of(session: AsyncSession, student_ids: Collection[UUID]) -> list[UUID]:
    query = select(col(Guardianship.guardian_id)).where(
        col(Guardianship.student_id).in_(student_ids), col(Guardianship.ended_at).is_(None)
    )
    return list(await session.scalars(query))


def _all(guardian: type[User], student: type[User]):  # type: ignore[no-untyped-def]  # a select of eight columns
    return (
        select(
            col(Guardianship.id),
            col(Guardianship.guardian_id),
            guardian.name,  # type: ignore[call-overload]
            guardian.email,
            col(Guardianship.student_id),
            student.name,
            student.email,
            col(Guardianship.relationship),
        )
        .join(guardian, guardian.id == col(Guardianship.guardian_id))
        .join(student, student.id == col(Guardianship.student_id))
        .where(col(Guardianship.ended_at).is_(None))
    )


async def _lock(session: AsyncSession, student_id: UUID) -> None:
    """One after the other, so that whoever comes second is told that it is done."""
    await session.execute(text("select pg_advisory_xact_lock(hashtext(:key))"), {"key": f"guardians of {student_id}"})


async def _refuse_repeat(
    session: AsyncSession, guardian_id: UUID, guardian: str, student_id: UUID, student: str
) -> None:
    current = await guardians_of(session, [student_id])
    if guardian_id in current:
        raise Conflict(f"{guardian} is a guardian of {student} already.")
    if len(current) >= MOST:
        raise Invalid(f"{student} has {MOST} guardians, which is the most there can be.")


def _tell(
    session: AsyncSession, actor: Actor, action: str, guardianship: Guardianship, guardian: str, student: str
) -> None:
    record(
        session,
        actor,
        action,
        guardianship,
        name=student,
        user_id=str(guardianship.student_id),
        guardian=guardian,
        guardian_id=str(guardianship.guardian_id),
        relationship=guardianship.relationship,
    )
    publish_on_commit(session, topic("rights", guardianship.guardian_id))
    publish_on_commit(session, topic("rights", guardianship.student_id))
    publish_on_commit(session, topic("guardians", guardianship.organization_id))
