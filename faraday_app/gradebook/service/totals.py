"""The totals of a class as they are kept for lists: figured out by the calculator, written where they are others."""

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.gradebook.calculation import Course, Scores, View
from faraday_app.gradebook.models import GradeTotal
from faraday_app.gradebook.service.courses import FEW, NO_SCORES, courses_of, scores_of, sees_less
from faraday_app.gradebook.service.structure import Structure


@dataclass(frozen=True, slots=True)
class Total:
    """None is "nothing can be said", which is shown as a dash. ``seen`` ones are without what the student may not
    see."""

    current_percent: Decimal | None = None
    current_letter: str | None = None
    final_percent: Decimal | None = None
    final_letter: str | None = None
    seen_current_percent: Decimal | None = None
    seen_current_letter: str | None = None
    seen_final_percent: Decimal | None = None
    seen_final_letter: str | None = None


NO_TOTAL = Total()
FIELDS = tuple(Total.__dataclass_fields__)


async def refresh(
    session: AsyncSession, structure: Structure, student_ids: Collection[UUID] | None = None
) -> dict[UUID, Total]:
    """Figure out the totals of all students, or of some, and keep those that are others than before.

    The answer has every student asked for. For whoever already may change the class's grades.
    """
    moment = now()
    students = [id for id in structure.sections if student_ids is None or id in student_ids]
    if not students:
        return {}
    scores = await scores_of(session, structure, moment, None if student_ids is None else students)
    found = await figured(structure, scores, students)
    rows = [_row(student, total) for student, total in found.items()]
    common = {"at": moment, "organization": structure.organization_id, "class_id": structure.class_id}
    await session.execute(_KEEP, {**common, "rows": json.dumps(rows)})
    return found


async def figured(
    structure: Structure,
    scores: Mapping[UUID, Scores],
    students: Collection[UUID],
) -> dict[UUID, Total]:
    """The totals of these students of these scores; nothing is kept."""
    if len(students) <= FEW:
        return figure(structure, scores, students)
    return await asyncio.to_thread(figure, structure, scores, students)


def figure(
    structure: Structure,
    scores: Mapping[UUID, Scores],
    students: Collection[UUID],
) -> dict[UUID, Total]:
    courses = courses_of(structure)
    return {student: _total(courses.of(student), scores.get(student, NO_SCORES)) for student in students}


def _total(course: Course, scores: Scores) -> Total:
    """Once where the student sees what the teacher sees."""
    all_ = course.shown(scores)
    seen = course.shown(scores, View.student) if sees_less(scores) else all_
    return Total(*(word for each in (*all_, *seen) for word in (each.percent, each.letter)))  # type: ignore[arg-type]


async def of_class(session: AsyncSession, class_id: UUID) -> dict[UUID, Total]:
    """As they are kept."""
    query = select(col(GradeTotal.student_id), *(getattr(GradeTotal, name) for name in FIELDS))
    rows = await session.execute(query.where(col(GradeTotal.class_id) == class_id))
    return {student: Total(*values) for student, *values in rows}


def _row(student_id: UUID, total: Total) -> dict[str, str | None]:
    values = {name: getattr(total, name) for name in FIELDS}
    plain = {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}
    return {"id": str(new_id()), "student_id": str(student_id), **plain}


_NAMES = ", ".join(FIELDS)
_TYPES = ", ".join(f"{name} {'numeric' if name.endswith('percent') else 'text'}" for name in FIELDS)
# The moment is kept too where nothing else changed: what becomes visible later is looked for from there.
_KEEP = text(f"""
insert into grade_totals (id, created_at, figured_at, organization_id, class_id, student_id, {_NAMES})
select r.id, :at, :at, :organization, :class_id, r.student_id, {", ".join(f"r.{name}" for name in FIELDS)}
from jsonb_to_recordset(cast(:rows as jsonb)) as r(id uuid, student_id uuid, {_TYPES})
on conflict (class_id, student_id) do update set
    figured_at = excluded.figured_at, {", ".join(f"{name} = excluded.{name}" for name in FIELDS)}
""")  # noqa: S608  # nosec B608  the names are of the table's own columns
