"""What a student has for a piece of work, as plain data: read, written with its line in the ledger, and as JSON."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.gradebook.models import EntryKind, Grade, GradeEntry, Lateness

Cell = tuple[UUID, UUID]  # of an assignment and a student


@dataclass(frozen=True, slots=True)
class Mark:
    """A grade. ``version`` 0: there is none yet."""

    raw: Decimal | None = None
    deducted: Decimal = Decimal(0)
    score: Decimal | None = None
    entered: str = ""
    excused: bool = False
    pending_review: bool = False
    lateness: Lateness = Lateness.by_time
    late_seconds: int | None = None
    by_policy: bool = False
    attempt: int | None = None
    posted_at: datetime | None = None
    graded_at: datetime | None = None
    version: int = 0

    @property
    def says(self) -> bool:
        """Whether there is something to see: a score, or that it is excused."""
        return self.score is not None or self.excused


NOTHING = Mark()
FIELDS = tuple(Mark.__dataclass_fields__)
_COLUMNS = [getattr(Grade, name) for name in FIELDS]


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be written: one line of the ledger, and the grade after it. The version counts up by itself."""

    cell: Cell
    before: Mark
    after: Mark
    kind: EntryKind
    reason: str = ""


def of_columns(values: Sequence[Any]) -> Mark:
    given = dict(zip(FIELDS, values, strict=True))
    for name in ("raw", "score"):
        given[name] = None if given[name] is None else plain(given[name])
    return Mark(**{**given, "deducted": plain(given["deducted"]), "lateness": Lateness(given["lateness"])})


def plain(value: Decimal) -> Decimal:
    """Without the zeros that a column puts behind it: 17.0000 is 17."""
    return value.normalize() + 0


async def of_class(
    session: AsyncSession, class_id: UUID, student_ids: Collection[UUID] | None = None
) -> dict[Cell, Mark]:
    """All grades of a class, or of some of its students."""
    which = [col(Grade.class_id) == class_id]
    if student_ids is not None:
        which.append(col(Grade.student_id).in_(student_ids))
    return await find(session, *which)


async def of_cells(session: AsyncSession, class_id: UUID, cells: Collection[Cell]) -> dict[Cell, Mark]:
    works = {work for work, _ in cells}
    students = {student for _, student in cells}
    wanted = [col(Grade.class_id) == class_id, col(Grade.assignment_id).in_(works), col(Grade.student_id).in_(students)]
    found = await find(session, *wanted)
    return {cell: found.get(cell, NOTHING) for cell in cells}


async def find(session: AsyncSession, *which: ColumnElement[bool]) -> dict[Cell, Mark]:
    query = select(col(Grade.assignment_id), col(Grade.student_id), *_COLUMNS).where(*which)
    return {(work, student): of_columns(values) for work, student, *values in await session.execute(query)}


def as_json(mark: Mark) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(mark, name)
        if isinstance(value, Decimal):
            value = str(value)
        elif isinstance(value, datetime):
            value = value.isoformat()
        found[name] = value
    return found


def from_json(stored: dict[str, Any] | None) -> Mark:
    if not stored:
        return NOTHING
    given = {name: stored[name] for name in FIELDS if name in stored}
    for name in ("raw", "score", "deducted"):
        given[name] = None if given.get(name) is None else Decimal(given[name])
    for name in ("posted_at", "graded_at"):
        given[name] = datetime.fromisoformat(given[name]) if given.get(name) else None
    return Mark(**{**given, "lateness": Lateness(given.get("lateness") or "")})


_ENTRIES = text("""
insert into grade_entries (id, created_at, organization_id, class_id, assignment_id, student_id, made_by, kind,
    before, after, reason, batch_id, undoes)
select r.id, :at, :organization, :class_id, r.assignment_id, r.student_id, :made_by, r.kind, r.before, r.after,
    r.reason, :batch, :undoes
from jsonb_to_recordset(cast(:lines as jsonb)) as r(id uuid, assignment_id uuid, student_id uuid, kind text,
    before jsonb, after jsonb, reason text)
""")
_SET = ", ".join(f"{name} = excluded.{name}" for name in FIELDS)
_GRADES = text(f"""
insert into grades (id, created_at, organization_id, class_id, assignment_id, student_id, {", ".join(FIELDS)})
select r.id, :at, :organization, :class_id, r.assignment_id, r.student_id, {", ".join(f"r.{name}" for name in FIELDS)}
from jsonb_to_recordset(cast(:lines as jsonb)) as r(id uuid, assignment_id uuid, student_id uuid, raw numeric,
    deducted numeric, score numeric, entered text, excused boolean, pending_review boolean, lateness text,
    late_seconds integer, by_policy boolean, attempt integer, posted_at timestamptz, graded_at timestamptz,
    version integer)
on conflict (assignment_id, student_id) do update set {_SET}
""")  # noqa: S608  # nosec B608  the names are of the table's own columns


async def write(
    session: AsyncSession,
    organization_id: UUID,
    class_id: UUID,
    lines: Sequence[Line],
    *,
    made_by: UUID | None,
    batch_id: UUID,
    undoes: UUID | None = None,
) -> dict[Cell, Mark]:
    """Each line into the ledger and into its grade: one statement for each table. For whoever holds ``alone``."""
    if not lines:
        return {}
    after = {line.cell: _next(line) for line in lines}
    common = {"at": now(), "organization": organization_id, "class_id": class_id}
    entries = [_entry(line, after[line.cell]) for line in lines]
    more = {"made_by": made_by, "batch": batch_id, "undoes": undoes}
    await session.execute(_ENTRIES, {**common, **more, "lines": json.dumps(entries)})
    await session.execute(_GRADES, {**common, "lines": json.dumps([_row(cell, mark) for cell, mark in after.items()])})
    return after


def _next(line: Line) -> Mark:
    return replace(line.after, version=line.before.version + 1)


def _entry(line: Line, after: Mark) -> dict[str, Any]:
    return {
        **_where(line.cell),
        "kind": line.kind.value,
        "before": as_json(line.before) if line.before.version else None,
        "after": as_json(after),
        "reason": line.reason,
    }


def _row(cell: Cell, mark: Mark) -> dict[str, Any]:
    return {**_where(cell), **as_json(mark)}


def _where(cell: Cell) -> dict[str, str]:
    return {"id": str(new_id()), "assignment_id": str(cell[0]), "student_id": str(cell[1])}


async def newest_entry(session: AsyncSession, class_id: UUID) -> UUID | None:
    """The last line of a class's ledger: what ``changed_since`` goes on from."""
    query = select(col(GradeEntry.id)).where(col(GradeEntry.class_id) == class_id)
    found: UUID | None = await session.scalar(query.order_by(col(GradeEntry.id).desc()).limit(1))
    return found


async def changed_since(session: AsyncSession, class_id: UUID, entry_id: UUID | None) -> set[Cell]:
    """The cells of which lines were written after that one."""
    return (await news(session, class_id, entry_id))[0]


async def news(session: AsyncSession, class_id: UUID, entry_id: UUID | None) -> tuple[set[Cell], UUID | None]:
    """The same, and the last of these lines: the one that was given where there are none."""
    query = select(col(GradeEntry.id), col(GradeEntry.assignment_id), col(GradeEntry.student_id)).where(
        col(GradeEntry.class_id) == class_id
    )
    if entry_id is not None:
        query = query.where(col(GradeEntry.id) > entry_id)
    lines = (await session.execute(query)).all()
    return {(work, student) for _, work, student in lines}, max((id for id, *_ in lines), default=entry_id)
