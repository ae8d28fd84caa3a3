"""The ledger, read: what became of a cell and who did it, and how everything stood at a past moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.service.access import standing
from faraday_app.core.errors import NotPermitted
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.models import EntryKind, GradeEntry
from faraday_app.gradebook.service import marks
from faraday_app.gradebook.service.marks import Cell, Mark

PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger. ``by`` is empty where the rules did it and nobody typed anything."""

    id: UUID
    at: datetime
    by: str
    kind: EntryKind
    before: Mark
    after: Mark
    reason: str
    batch_id: UUID
    cell: Cell


async def of_cell(session: AsyncSession, actor: Actor, class_id: UUID, cell: Cell, limit: int = PAGE) -> list[Entry]:
    """What became of one grade, newest first. For the staff of the class."""
    await _staff(session, actor, class_id)
    return await _entries(session, class_id, limit, assignment=cell[0], student=cell[1])


async def of_class(
    session: AsyncSession, actor: Actor, class_id: UUID, *, before: UUID | None = None, limit: int = PAGE
) -> list[Entry]:
    """The ledger of a class, newest first, a page from ``before`` on. For its staff."""
    await _staff(session, actor, class_id)
    return await _entries(session, class_id, limit, before=before)


async def _staff(session: AsyncSession, actor: Actor, class_id: UUID) -> None:
    if not (await standing(session, actor, class_id, Permission.gradebook_read)).is_staff:
        raise NotPermitted("The ledger is for the staff of this class.")


async def _entries(
    session: AsyncSession,
    class_id: UUID,
    limit: int,
    *,
    assignment: UUID | None = None,
    student: UUID | None = None,
    before: UUID | None = None,
) -> list[Entry]:
    query = (
        select(GradeEntry, col(User.name))
        .outerjoin(User, col(User.id) == col(GradeEntry.made_by))
        .where(col(GradeEntry.class_id) == class_id)
        .order_by(col(GradeEntry.id).desc())
        .limit(min(limit, PAGE))
    )
    if assignment and student:
        query = query.where(col(GradeEntry.assignment_id) == assignment, col(GradeEntry.student_id) == student)
    if before:
        query = query.where(col(GradeEntry.id) < before)
    return [_entry(row, name or "") for row, name in (await session.execute(query))]


def _entry(row: GradeEntry, name: str) -> Entry:
    return Entry(
        row.id,
        row.created_at,
        name,
        EntryKind(row.kind),
        marks.from_json(row.before),
        marks.from_json(row.after),
        row.reason,
        row.batch_id,
        (row.assignment_id, row.student_id),
    )


async def at(
    session: AsyncSession, class_id: UUID, moment: datetime, student_ids: Collection[UUID] | None = None
) -> dict[Cell, Mark]:
    """Every grade as it stood at that moment, by the ledger alone. For whoever may already see them."""
    cell = col(GradeEntry.assignment_id), col(GradeEntry.student_id)
    query = (
        select(*cell, col(GradeEntry.after))
        .where(col(GradeEntry.class_id) == class_id, col(GradeEntry.created_at) <= moment)
        .ext(distinct_on(*cell))
        .order_by(*cell, col(GradeEntry.id).desc())
    )
    if student_ids is not None:
        query = query.where(col(GradeEntry.student_id).in_(student_ids))
    return {(work, student): marks.from_json(after) for work, student, after in await session.execute(query)}
