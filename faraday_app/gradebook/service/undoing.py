"""Taking back what one act changed, with a line of its own: nothing is ever struck from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import teaching
from faraday_app.core.errors import Conflict, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.models import EntryKind, GradeEntry
from faraday_app.gradebook.service import marks, reading, totals
from faraday_app.gradebook.service.marks import Cell, Line, Mark
from faraday_app.gradebook.service.structure import Structure
from faraday_app.security.service.audit import Thing, record


@dataclass(frozen=True, slots=True)
class Undone:
    """``kept`` are the cells that stay, each with why: somebody changed them since, or their period is closed."""

    batch_id: UUID | None
    cells: dict[Cell, Mark]
    kept: dict[Cell, str]


async def undo(session: AsyncSession, actor: Actor, class_id: UUID, batch_id: UUID, reason: str = "") -> Undone:
    """Put back what the cells held before that batch, where they still hold what it made of them.

    Of a batch that was already taken back nothing is left to undo, and Conflict says so. Undoing an undo is the same
    act again.
    """
    found = await teaching(session, actor, class_id, Permission.gradebook_manage)
    await reading.alone(session, class_id)
    entries = await _entries(session, class_id, batch_id)
    if not entries:
        raise NotFound("There is no such change in this class.")
    structure = await reading.read(session, class_id)
    cells = [(entry.assignment_id, entry.student_id) for entry in entries]
    now_there = await marks.of_cells(session, class_id, cells)
    lines: list[Line] = []
    kept: dict[Cell, str] = {}
    for cell, entry in zip(cells, entries, strict=True):
        there = now_there[cell]
        if why := _why_not(structure, cell, there, entry):
            kept[cell] = why
            continue
        before = replace(marks.from_json(entry.before), version=there.version)
        lines.append(Line(cell, there, before, EntryKind.undone, reason or entry.reason))
    if not lines:
        raise Conflict("Nothing of this can be taken back: every cell was changed since, or its period is closed.")
    undone = new_id()
    written = await marks.write(
        session,
        found.school_class.organization_id,
        class_id,
        lines,
        made_by=actor.user_id,
        batch_id=undone,
        undoes=batch_id,
    )
    await totals.refresh(session, structure, {student for _, student in written})
    details = {"cells": len(written), "kept": len(kept), "undoes": str(batch_id), "batch_id": str(undone)}
    record(session, actor, "grades.undone", Thing("classes", class_id), **details)
    publish_on_commit(session, topic("grades", class_id), undone)
    return Undone(undone, written, kept)


async def _entries(session: AsyncSession, class_id: UUID, batch_id: UUID) -> Sequence[GradeEntry]:
    query = select(GradeEntry).where(col(GradeEntry.batch_id) == batch_id, col(GradeEntry.class_id) == class_id)
    return (await session.scalars(query.order_by(col(GradeEntry.id)))).all()


def _why_not(structure: Structure, cell: Cell, there: Mark, entry: GradeEntry) -> str:
    work = structure.by_id.get(cell[0])
    if work is None or cell[1] not in structure.sections:
        return "It is no longer in the class."
    if there.version != marks.from_json(entry.after).version:
        return "It was changed since."
    if period := structure.closed(work, cell[1]):
        return f"{period.name} is closed."
    return ""
