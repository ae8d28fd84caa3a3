"""The cells of a grid. One is ``[shown, version, tags, typed]``, or 0 where there is nothing.

``tags`` are letters, see ``TAGS``; ``typed`` is what stands in the field when the cell is edited, and is left out where
it is what is shown. Nearly all cells are a score that was typed as it is shown: these come from the database as they
are told, one row for each student. Only of the others a grade is read.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, literal_column, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.gradebook.calculation import Scores, Shown
from faraday_app.gradebook.models import Grade
from faraday_app.gradebook.service import lateness, ledger, marks
from faraday_app.gradebook.service.courses import FEW, NO_SCORES, courses_of, scores_of
from faraday_app.gradebook.service.lateness import NOT_HANDED_IN, HandedIn
from faraday_app.gradebook.service.marks import NOTHING, Cell, Mark
from faraday_app.gradebook.service.structure import Structure, WorkOf

TAGS = {
    "l": "late",
    "m": "missing",
    "d": "dropped",
    "u": "not posted",
    "r": "pending review",
    "h": "not for this student",
    "c": "in a closed grading period",
    "s": "handed in, not graded",
}
Wire = list[Any] | int
Plain = dict[str, tuple[str, int, str]]  # by work: what is shown, the version, and "u" where it is not posted

_PLAIN = """not excused and not pending_review and not by_policy and score is not null and raw = score and deducted = 0
    and entered = '' and lateness = ''"""
_NOT_PLAIN = literal_column(f"not ({_PLAIN})", Boolean)
# The parts of a row are in the same order: all are made of the same rows in one pass.
_ROWS = text(f"""
select student_id, string_agg(assignment_id::text, ' '), string_agg(trim_scale(score)::text, ' '), array_agg(version),
    array_agg(case when posted_at is null then 'u' else '' end)
from grades where class_id = :class_id and student_id = any(:students) and {_PLAIN} group by student_id
""")  # noqa: S608  # nosec B608  a condition of our own


@dataclass(frozen=True, slots=True)
class _Held:
    """All that the cells of some students are made of: each grade is either plain or a mark."""

    structure: Structure
    plain: Mapping[UUID, Plain]
    marks: Mapping[Cell, Mark]
    scores: Mapping[UUID, Scores]
    handed: Mapping[Cell, HandedIn]
    moment: datetime


async def rows(session: AsyncSession, structure: Structure, students: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Of each student: the totals, then a cell for each piece of work in its order. For whoever may see all of it."""
    if not students:
        return {}
    moment, class_id = now(), structure.class_id
    found = await session.execute(_ROWS, {"class_id": class_id, "students": list(students)})
    plain = {student: _plain(*parts) for student, *parts in found}
    ours = col(Grade.class_id) == class_id, col(Grade.student_id).in_(students)
    held = _Held(
        structure,
        plain,
        await marks.find(session, *ours, _NOT_PLAIN),
        await scores_of(session, structure, moment, students),
        await lateness.handed_in(session, class_id, students),
        moment,
    )
    return _rows(held, students) if len(students) <= FEW else await asyncio.to_thread(_rows, held, students)


def _plain(ids: str, shown: str, versions: list[int], flags: list[str]) -> Plain:
    return dict(zip(ids.split(), zip(shown.split(), versions, flags, strict=True), strict=True))


def _rows(held: _Held, students: Sequence[UUID]) -> dict[UUID, list[Any]]:
    courses, structure = courses_of(held.structure), held.structure
    works = [(work, str(work.id)) for work in structure.work]
    closed = any(each.closed for each in structure.periods)
    found = {}
    for student in students:
        current, final = courses.of(student).shown(held.scores.get(student, NO_SCORES))
        plain, dropped, cells = held.plain.get(student, {}), set(current.dropped), list[Wire]()
        for work, key in works:
            if (usual := plain.get(key)) is None:
                cells.append(_cell(held, work, student, key in dropped))
                continue
            shown, version, flag = usual
            tags = "d" + flag if key in dropped else flag
            shut = closed and structure.closed(work, student) is not None
            cells.append([shown, version, tags + "c" if shut else tags])
        found[student] = [said_totals(current, final), cells]
    return found


def said_totals(*results: Shown) -> list[str]:
    """Current percent and letter, final percent and letter; empty where nothing can be said."""
    return [word for each in results for word in ("" if each.percent is None else str(each.percent), each.letter or "")]


def _cell(held: _Held, work: WorkOf, student: UUID, dropped: bool) -> Wire:
    key = (work.id, student)
    mark, structure = held.marks.get(key, NOTHING), held.structure
    due, handed = structure.due(work, student), held.handed.get(key, NOT_HANDED_IN)
    if due is None and not mark.says:
        return ["", mark.version, "h"]
    tags = "".join(
        tag
        for tag, is_so in (
            ("l", mark.deducted > 0),
            ("m", lateness.is_missing(mark, work, due, handed, held.moment)),
            ("d", dropped),
            ("u", mark.says and mark.posted_at is None),
            ("r", mark.pending_review),
            ("c", structure.closed(work, student) is not None),
            ("s", bool(handed.attempts) and not mark.says),
        )
        if is_so
    )
    if not mark.version and not tags:
        return 0
    shown = ledger.said(mark) if mark.says else ""
    typed = typed_of(mark)
    if mark.deducted > 0:
        tags += f":{ledger.number(mark.deducted)}"
    return [shown, mark.version, tags] if typed == shown else [shown, mark.version, tags, typed]


def typed_of(mark: Mark) -> str:
    """What a teacher would type to have this: what was earned, before anything was taken off."""
    if mark.excused:
        return "EX"
    return mark.entered or ("" if mark.raw is None else ledger.number(mark.raw))
