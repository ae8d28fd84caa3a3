"""How a class does: its grades together, each piece of work, and whom to look after, with the reasons."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.service import access
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.calculation import statistics
from faraday_app.gradebook.calculation.statistics import Summary
from faraday_app.gradebook.service import lateness, marks, reading, totals
from faraday_app.gradebook.service.lateness import NOT_HANDED_IN, HandedIn
from faraday_app.gradebook.service.marks import NOTHING, Cell, Mark
from faraday_app.gradebook.service.structure import Structure, WorkOf
from faraday_app.gradebook.service.totals import NO_TOTAL, Total

FEW = 5  # fewer students than this say too much about each of them
LATE_SHARE = 0.3
FALLING = -4.0  # percent points from one piece of work to the next
PASSING = 61.0  # where the scheme has one letter for all
NO_DATE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Band:
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """``difficulty`` is the share of possible points that was lost on average, 0 to 1; ``missing`` of those it is
    for. Figures are None of too few."""

    work: WorkOf
    due_at: datetime | None
    graded: int
    missing: int
    summary: Summary | None
    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class Concern:
    """A student to look after. ``percents`` are those of graded work in the order of its dates."""

    student_id: UUID
    percent: float | None
    reasons: tuple[str, ...]
    percents: tuple[float, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Analytics:
    """``suppressed``: there are too few students to show figures to anybody but their teachers."""

    students: int
    suppressed: bool
    summary: Summary | None
    bands: tuple[Band, ...]
    work: tuple[WorkFigures, ...]
    concerns: tuple[Concern, ...]


@dataclass(frozen=True)
class _Seen:
    """All that the figures are made of."""

    structure: Structure
    grades: Mapping[Cell, Mark]
    handed: Mapping[Cell, HandedIn]
    totals: Mapping[UUID, Total]
    moment: datetime
    least: int  # graded pieces of which a figure is shown

    @cached_property
    def percents(self) -> dict[Cell, float]:
        """Of what is shown of each graded piece; nothing where nothing can be said."""
        points = {work.id: work.points for work in self.structure.work if work.points}
        return {
            (work, student): float(mark.score / points[work] * 100)
            for (work, student), mark in self.grades.items()
            if mark.score is not None and not mark.excused and work in points
        }

    @cached_property
    def earned(self) -> dict[UUID, tuple[float, float]]:
        """Of each student: the points of all graded work, and how many were possible."""
        found: dict[UUID, tuple[float, float]] = {}
        for (work, student), percent in self.percents.items():
            points = float(self.structure.by_id[work].points or 0)
            score, possible = found.get(student, (0.0, 0.0))
            found[student] = score + percent * points, possible + points
        return found

    def percent(self, work: WorkOf, student_id: UUID) -> float | None:
        return self.percents.get((work.id, student_id))

    def rest(self, work: WorkOf, student_id: UUID) -> float | None:
        """The percent of all other work together: what this piece is compared with."""
        score, possible = self.earned.get(student_id, (0.0, 0.0))
        if (own := self.percent(work, student_id)) is not None:
            points = float(work.points or 0)
            score, possible = score - own * points, possible - points
        return score / possible if possible > 0 else None

    def missing(self, work: WorkOf, student_id: UUID) -> bool:
        cell, due = (work.id, student_id), self.structure.due(work, student_id)
        mark, handed = self.grades.get(cell, NOTHING), self.handed.get(cell, NOT_HANDED_IN)
        return lateness.is_missing(mark, work, due, handed, self.moment)


async def analytics(session: AsyncSession, actor: Actor, class_id: UUID) -> Analytics:
    """For the staff of the class and whoever oversees it; NotFound for others.

    Whoever does not teach it or help in it sees no figure of fewer than five students, and no student by name among
    so few.
    """
    standing = await access.standing(session, actor, class_id, Permission.gradebook_read)
    if not standing.is_staff:
        standing.must_see(UUID(int=0))
    structure = await reading.read(session, class_id)
    own = standing.teaches or standing.helps
    seen = _Seen(
        structure,
        await marks.of_class(session, class_id),
        await lateness.handed_in(session, class_id),
        await totals.of_class(session, class_id),
        now(),
        1 if own else FEW,
    )
    students = list(structure.sections)
    if len(students) < FEW and not own:
        return Analytics(len(students), True, None, (), (), ())
    return await asyncio.to_thread(_of, seen, students)


def _of(seen: _Seen, students: Sequence[UUID]) -> Analytics:
    known = [float(total.current_percent) for total in seen.totals.values() if total.current_percent is not None]
    shown = known if len(known) >= seen.least else []
    bands = seen.structure.policy.letters.bands
    counts = statistics.spread_over(shown, [float(band.at_least) for band in bands])
    concerns = (found for student in students if (found := _concern(seen, student)))
    return Analytics(
        len(students),
        False,
        statistics.summary(shown),
        tuple(Band(band.name, count) for band, count in zip(bands, counts, strict=True)),
        tuple(_work(seen, work, students) for work in seen.structure.work if work.shown),
        tuple(sorted(concerns, key=lambda each: (-each.weight, each.percent or 0.0))),
    )


def _work(seen: _Seen, work: WorkOf, students: Sequence[UUID]) -> WorkFigures:
    percents = {str(student): value for student in students if (value := seen.percent(work, student)) is not None}
    shown = percents if len(percents) >= seen.least else {}
    others = {str(student): value for student in students if (value := seen.rest(work, student)) is not None}
    found = statistics.summary(list(shown.values()))
    return WorkFigures(
        work,
        work.due_at,
        len(percents),
        sum(seen.missing(work, student) for student in students),
        found,
        None if found is None else max(0.0, 1 - found.mean / 100),
        statistics.discrimination(shown, others),
    )


def _concern(seen: _Seen, student_id: UUID) -> Concern | None:
    """Why somebody needs looking after; None where nothing is to be said."""
    total = seen.totals.get(student_id, NO_TOTAL)
    dated = sorted(
        (work for work in seen.structure.work if work.shown and seen.structure.due(work, student_id)),
        key=lambda work: _due(seen.structure, work, student_id) or NO_DATE,
    )
    percents = [value for work in dated if (value := seen.percent(work, student_id)) is not None]
    reasons = [*_missing(seen, dated, student_id), *_late(seen, dated, student_id)]
    percent = None if total.current_percent is None else float(total.current_percent)
    if percent is not None and percent < (passing := _passing(seen.structure)):
        reasons.insert(0, f"{percent:g} % now, below {passing:g} %")
    slope = statistics.trend(percents[-6:])
    if slope is not None and slope <= FALLING:
        reasons.append(f"Falling: {abs(slope):.0f} points from one piece of work to the next")
    if not reasons:
        return None
    return Concern(student_id, percent, tuple(reasons), tuple(percents[-12:]), len(reasons))


def _missing(seen: _Seen, work: Sequence[WorkOf], student_id: UUID) -> list[str]:
    titles = [each.title for each in work if seen.missing(each, student_id)]
    if not titles:
        return []
    named = ", ".join(f"“{title}”" for title in titles[:3])
    more = f" and {len(titles) - 3} more" if len(titles) > 3 else ""
    return [f"Missing: {named}{more}"]


def _late(seen: _Seen, work: Sequence[WorkOf], student_id: UUID) -> list[str]:
    handed = [each for each in work if (each.id, student_id) in seen.handed]
    late = [
        each
        for each in handed
        if lateness.seconds_late(
            seen.grades.get((each.id, student_id), NOTHING),
            seen.structure.due(each, student_id),
            seen.handed[each.id, student_id],
        )
    ]
    if len(late) < 2 or len(late) < LATE_SHARE * len(handed):
        return []
    return [f"Late with {len(late)} of {len(handed)}"]


def _due(structure: Structure, work: WorkOf, student_id: UUID) -> datetime | None:
    due = structure.due(work, student_id)
    return due.at if due else None


def _passing(structure: Structure) -> float:
    """Where the lowest band ends, which is what fails."""
    bands = structure.policy.letters.bands
    return float(bands[-2].at_least) if len(bands) > 1 else PASSING


async def names_of(session: AsyncSession, student_ids: Sequence[UUID]) -> dict[UUID, str]:
    """For whoever may already see these students."""
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(student_ids))
    return {row[0]: row[1] for row in await session.execute(query)}
