"""What follows from a change by itself: deductions that come or go, missing work that is written, and totals."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.gradebook.models import EntryKind
from faraday_app.gradebook.service import lateness, marks, reading, totals
from faraday_app.gradebook.service.lateness import NOT_HANDED_IN, HandedIn
from faraday_app.gradebook.service.marks import NOTHING, Cell, Line, Mark
from faraday_app.gradebook.service.structure import Structure


async def settle(session: AsyncSession, class_id: UUID, student_ids: Collection[UUID] | None = None) -> int:
    """Have every grade be what the rules and the dates of this moment make of it, and every total; how many grades
    changed. Repeating it changes nothing.

    Called in the transaction of whatever changed: a due date, a policy, an attempt that was handed in. What falls into
    a closed grading period stays, also when a date that moved after it closed puts it elsewhere. These lines are by
    nobody: the rules wrote them.
    """
    await reading.alone(session, class_id)
    structure = await reading.read(session, class_id)
    closed = await _when_closed(session, structure)
    grades = await marks.of_class(session, class_id, student_ids)
    handed = await lateness.handed_in(session, class_id, student_ids)
    lines = list(_lines(structure, closed, grades, handed, _cells(structure, grades, student_ids), now()))
    await marks.write(session, structure.organization_id, class_id, lines, made_by=None, batch_id=new_id())
    await reading.remember(session, structure)
    await totals.refresh(session, structure, student_ids)
    publish_on_commit(session, topic("grades", class_id))
    return len(lines)


async def changed(session: AsyncSession, class_id: UUID, student_ids: frozenset[UUID] | None) -> None:
    """What coursework tells in its own transaction (``coursework.service.changes``)."""
    await settle(session, class_id, student_ids)


def _cells(structure: Structure, grades: dict[Cell, Mark], student_ids: Collection[UUID] | None) -> Iterable[Cell]:
    """Those with a grade; where missing work is written, also the others that are handed in here."""
    yield from (cell for cell, mark in grades.items() if mark.raw is not None or mark.by_policy)
    if structure.policy.missing_percent is None:
        return
    students = [each for each in structure.sections if student_ids is None or each in student_ids]
    for work in structure.work:
        if not work.shown:
            continue
        for student in students:
            found = grades.get((work.id, student))
            if found is None or found.raw is None:
                yield work.id, student


def _lines(
    structure: Structure,
    closed: Mapping[UUID, Structure],
    grades: dict[Cell, Mark],
    handed: dict[Cell, HandedIn],
    cells: Iterable[Cell],
    at: datetime,
) -> Iterable[Line]:
    for cell in cells:
        work = structure.by_id.get(cell[0])
        if work is None or _frozen(structure, closed, cell):
            continue
        mark, due = grades.get(cell, NOTHING), structure.due(work, cell[1])
        after = lateness.settled(mark, work, structure.policy, due, handed.get(cell, NOT_HANDED_IN), at)
        if after == mark:
            continue
        yield Line(cell, mark, posted(after, structure, cell[0], at), EntryKind.policy)


def posted(mark: Mark, structure: Structure, work_id: UUID, at: datetime) -> Mark:
    """With the moment of posting, where grades of this work are posted as soon as they are there."""
    due = mark.posted_at is None and mark.says and structure.posts_at_once(work_id)
    return replace(mark, posted_at=at) if due else mark


async def _when_closed(session: AsyncSession, structure: Structure) -> dict[UUID, Structure]:
    """How the class stood when each of its closed periods was closed, as far as that was kept."""
    found = {
        period.id: await reading.as_of(session, structure.class_id, period.closed_at)
        for period in structure.periods
        if period.closed_at
    }
    return {id: then for id, then in found.items() if then}


def _frozen(structure: Structure, closed: Mapping[UUID, Structure], cell: Cell) -> bool:
    """In a closed period by the dates of now, or by those of when it closed."""
    if structure.closed(structure.by_id[cell[0]], cell[1]):
        return True
    for period_id, then in closed.items():
        work = then.by_id.get(cell[0])
        due = then.due(work, cell[1]) if work else None
        period = structure.period(due.at) if due else None
        if period is not None and period.id == period_id:
            return True
    return False
