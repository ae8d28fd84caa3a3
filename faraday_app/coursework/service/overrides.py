"""Other dates for a section or for one student of a class."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolment, Section
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentOverride
from faraday_app.coursework.service.assignments import own
from faraday_app.coursework.service.changes import announce, decided
from faraday_app.coursework.service.dates import Dates
from faraday_app.coursework.service.drafts import in_order
from faraday_app.coursework.service.reading import SHOWN, get
from faraday_app.security.service import record


async def of_assignment(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Sequence[AssignmentOverride]:
    """For the class's staff: a student sees their own dates and nobody's else."""
    seen = await get(session, actor, assignment_id)
    if not seen.standing.is_staff:
        raise NotFound
    query = select(AssignmentOverride).where(col(AssignmentOverride.assignment_id) == assignment_id)
    return (await session.scalars(query.order_by(col(AssignmentOverride.id)))).all()


async def for_section(
    session: AsyncSession, actor: Actor, assignment_id: UUID, section_id: UUID, dates: Dates
) -> AssignmentOverride:
    """In place of what the section had before."""
    _, work = await own(session, actor, assignment_id)
    section = await session.get(Section, section_id)
    if section is None or section.class_id != work.class_id or section.deleted_at is not None:
        raise Invalid("This section does not exist any more. Choose another one.", field="section_id")
    return await _put(session, actor, work, dates, section_id=section_id)


async def for_student(
    session: AsyncSession, actor: Actor, assignment_id: UUID, student_id: UUID, dates: Dates
) -> AssignmentOverride:
    """In place of what the student had before."""
    _, work = await own(session, actor, assignment_id)
    query = select(col(Enrolment.id)).where(
        col(Enrolment.class_id) == work.class_id, col(Enrolment.student_id) == student_id
    )
    if await session.scalar(query) is None:
        raise Invalid("This student is not in the class. Choose another one.", field="student_id")
    return await _put(session, actor, work, dates, student_id=student_id)


async def remove(session: AsyncSession, actor: Actor, assignment_id: UUID, override_id: UUID) -> None:
    """The dates of the section or of the class are theirs again."""
    _, work = await own(session, actor, assignment_id)
    override = await session.get(AssignmentOverride, override_id)
    if override is None or override.assignment_id != work.id:
        raise NotFound
    affected = await _students(session, work, override)
    await session.delete(override)
    record(session, actor, "assignment.dates_removed", work, name=work.title, **_target(override))
    await _told(session, work, affected)


async def _put(
    session: AsyncSession,
    actor: Actor,
    work: Assignment,
    dates: Dates,
    *,
    section_id: UUID | None = None,
    student_id: UUID | None = None,
) -> AssignmentOverride:
    in_order(dates)
    query = select(AssignmentOverride).where(
        col(AssignmentOverride.assignment_id) == work.id,
        col(AssignmentOverride.section_id).is_not_distinct_from(section_id),
        col(AssignmentOverride.student_id).is_not_distinct_from(student_id),
    )
    override = await session.scalar(query) or AssignmentOverride(
        organization_id=work.organization_id, assignment_id=work.id, section_id=section_id, student_id=student_id
    )
    override.due_at, override.available_from, override.available_until = (
        dates.due_at,
        dates.available_from,
        dates.available_until,
    )
    session.add(override)
    await session.flush()
    after = {name: value.isoformat() if (value := getattr(dates, name)) else None for name in Dates.__slots__}
    record(session, actor, "assignment.dates_set", work, name=work.title, **_target(override), after=after)
    await _told(session, work, await _students(session, work, override))
    return override


async def _students(session: AsyncSession, work: Assignment, override: AssignmentOverride) -> list[UUID]:
    if override.student_id:
        return [override.student_id]
    query = select(col(Enrolment.student_id)).where(
        col(Enrolment.class_id) == work.class_id, col(Enrolment.section_id) == override.section_id
    )
    return list(await session.scalars(query))


def _target(override: AssignmentOverride) -> dict[str, str]:
    if override.student_id:
        return {"student_id": str(override.student_id)}
    return {"section_id": str(override.section_id)}


async def _told(session: AsyncSession, work: Assignment, students: list[UUID]) -> None:
    if work.status in SHOWN:
        await decided(session, work.class_id, students)
    else:
        announce(session, work.class_id)
