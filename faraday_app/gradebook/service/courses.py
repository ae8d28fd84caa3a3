"""What totals of a whole class are figured out from: its work looked at once, and of each student whole numbers.

The grades come as one row for each student: a class has as many as students times work, and what is made of each of
them one by one takes longer than the figuring.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.clock import now
from faraday_app.gradebook.calculation import Course, Id, Scores
from faraday_app.gradebook.models import Audience
from faraday_app.gradebook.service.marks import Cell, Mark
from faraday_app.gradebook.service.sheets import Sheets
from faraday_app.gradebook.service.structure import Structure, WorkOf
from faraday_app.gradebook.service.visibility import released

FEW = 4  # students whose totals do not hold up anybody else meanwhile
UNIT = 10_000  # make a point: a score has at most four decimals
EXCUSED, PENDING, POSTED = 1, 2, 4
USUAL = {str(POSTED)}
NO_SCORES = Scores({})
# The parts of a row are in the same order: all are made of the same rows in one pass. Posted is what is by the moment.
_ROWS = """
select student_id, string_agg(assignment_id::text, ' '), array_agg((score * 10000)::int8),
    string_agg((excused::int + 2 * pending_review::int + 4 * coalesce(posted_at <= :at, false)::int)::text, '')
from grades where class_id = :class_id {which} group by student_id
"""
_ALL = text(_ROWS.format(which=""))
_SOME = text(_ROWS.format(which="and student_id = any(:students)"))


async def scores_of(
    session: AsyncSession, structure: Structure, moment: datetime, student_ids: Collection[UUID] | None = None
) -> dict[UUID, Scores]:
    """Of each student who has grades, as the database has them. For whoever already may see the class's."""
    given = {"class_id": structure.class_id, "at": moment}
    query = _ALL if student_ids is None else _SOME
    rows = await session.execute(query, given if student_ids is None else {**given, "students": list(student_ids)})
    hidden = _not_released(structure, moment)
    return {student: _scores(words.split(), scores, flags, hidden) for student, words, scores, flags in rows}


def scores_of_marks(structure: Structure, marks: Mapping[Cell, Mark], moment: datetime) -> dict[UUID, Scores]:
    """The same of grades that are already at hand."""
    rows: dict[UUID, tuple[list[str], list[int | None], list[str]]] = {}
    for (work, student), mark in marks.items():
        ids, scores, flags = rows.setdefault(student, ([], [], []))
        ids.append(str(work))
        scores.append(None if mark.score is None else _units(mark.score))
        posted = mark.posted_at is not None and mark.posted_at <= moment
        flags.append(str(EXCUSED * mark.excused + PENDING * mark.pending_review + POSTED * posted))
    hidden = _not_released(structure, moment)
    return {student: _scores(ids, scores, "".join(flags), hidden) for student, (ids, scores, flags) in rows.items()}


def _units(score: Decimal) -> int:
    over, under = score.as_integer_ratio()
    if UNIT % under:
        raise ValueError("A score has more than four decimals.")
    return over * (UNIT // under)


def _not_released(structure: Structure, moment: datetime) -> set[str]:
    """Work of which students see no grade yet, posted or not."""
    releases = structure.releases.items()
    return {str(work) for work, each in releases if not released(each, Audience.student, moment)}


def _scores(ids: list[str], scores: list[int | None], flags: str, hidden: set[str]) -> Scores:
    by_work: dict[Id, int | None] = dict(zip(ids, scores, strict=True))
    if not hidden and set(flags) <= USUAL:
        return Scores(by_work)
    flagged = [(id, int(flag)) for id, flag in zip(ids, flags, strict=True)]
    return Scores(
        by_work,
        {id for id, flag in flagged if flag & EXCUSED},
        {id for id, flag in flagged if flag & PENDING},
        {id for id, flag in flagged if not flag & POSTED or id in hidden},
    )


class Courses:
    """The courses of a class: one for all but those who have dates of their own."""

    def __init__(self, structure: Structure) -> None:
        self._structure, self._sheets = structure, Sheets(structure, now())
        self._special: list[WorkOf] = [work for work in structure.work if not work.same_for_all]
        self._known: dict[tuple[object, ...], Course] = {}

    def of(self, student_id: UUID) -> Course:
        dates = tuple(self._structure.due(work, student_id) for work in self._special)
        if dates not in self._known:
            self._known[dates] = Course(self._sheets.of(student_id, {}), UNIT)
        return self._known[dates]


@lru_cache(16)
def courses_of(structure: Structure) -> Courses:
    """The same ones as long as nothing else counts: an edit needs them twice."""
    return Courses(structure)


def sees_less(scores: Scores) -> bool:
    """Whether a student does not see all scores that the teacher sees."""
    return any(scores.scores.get(id) is not None for id in scores.unposted)
