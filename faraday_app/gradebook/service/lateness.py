"""How late something was handed in, and what that makes of what was earned."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.coursework.models import Assignment, Submission
from faraday_app.gradebook.calculation import as_decimal, late, missing
from faraday_app.gradebook.models import Lateness
from faraday_app.gradebook.service.entering import PLACES
from faraday_app.gradebook.service.marks import Cell, Mark
from faraday_app.gradebook.service.policies import Policy
from faraday_app.gradebook.service.structure import Due, WorkOf


@dataclass(frozen=True, slots=True)
class HandedIn:
    """When each attempt was handed in."""

    attempts: dict[int, datetime]

    @property
    def latest(self) -> int | None:
        return max(self.attempts, default=None)

    def at(self, attempt: int | None) -> datetime | None:
        """Of that attempt; of the latest where none is named."""
        wanted = self.latest if attempt is None else attempt
        return None if wanted is None else self.attempts.get(wanted)


NOT_HANDED_IN = HandedIn({})


async def handed_in(
    session: AsyncSession,
    class_id: UUID,
    student_ids: Collection[UUID] | None = None,
    work_ids: Collection[UUID] | None = None,
) -> dict[Cell, HandedIn]:
    """What was handed in of a class's work, drafts left out."""
    which = [col(Assignment.class_id) == class_id, col(Submission.submitted_at).is_not(None)]
    if student_ids is not None:
        which.append(col(Submission.student_id).in_(student_ids))
    if work_ids is not None:
        which.append(col(Assignment.id).in_(work_ids))
    query = (
        select(
            col(Submission.assignment_id),
            col(Submission.student_id),
            col(Submission.attempt),
            col(Submission.submitted_at),
        )
        .join(Assignment, col(Assignment.id) == col(Submission.assignment_id))
        .where(*which)
    )
    found: dict[Cell, HandedIn] = {}
    for work, student, attempt, at in await session.execute(query):
        assert at
        found.setdefault((work, student), HandedIn({})).attempts[attempt] = at
    return found


def seconds_late(mark: Mark, due: Due | None, handed: HandedIn) -> int:
    """By what a teacher said, else by the clock; 0 is in time. Late without saying how late is late by the clock, or
    as if an interval had just begun."""
    at = handed.at(mark.attempt)
    by_time = max(int((at - due.at).total_seconds()), 0) if at and due and due.at else 0
    match mark.lateness:
        case Lateness.on_time | Lateness.missing:
            return 0
        case Lateness.late:
            return mark.late_seconds or by_time or 1
        case _:
            return by_time


def is_missing(mark: Mark, work: WorkOf, due: Due | None, handed: HandedIn, at: datetime) -> bool:
    """Due by now, to be handed in here, and nothing there: no attempt and no score but the policy's own."""
    if mark.excused or due is None or not work.shown:
        return False
    if mark.lateness is not Lateness.by_time:
        return mark.lateness is Lateness.missing
    if not work.handed_in or handed.attempts or (mark.raw is not None and not mark.by_policy):
        return False
    return due.at is not None and due.at < at


def settled(mark: Mark, work: WorkOf, policy: Policy, due: Due | None, handed: HandedIn, at: datetime) -> Mark:
    """The grade with its deduction as it has to be at this moment: it comes back when a due date moves. A score that
    only the missing policy wrote is there as long as the work is missing."""
    if is_missing(mark, work, due, handed, at) and (mark.raw is None or mark.by_policy):
        written = missing(work.points, work.grading, policy.missing_percent)
        if written is not None:
            raw = _kept(written)
            return replace(
                mark, raw=raw, deducted=Decimal(0), score=raw, by_policy=True, graded_at=mark.graded_at or at
            )
    if mark.by_policy:
        mark = replace(mark, raw=None, by_policy=False, graded_at=None)
    if mark.raw is None:
        return replace(mark, deducted=Decimal(0), score=None)
    seconds = seconds_late(mark, due, handed)
    deducted = _kept(late(mark.raw, work.points, seconds, work.grading, policy.late).deducted)
    return replace(mark, deducted=deducted, score=mark.raw - deducted)


def _kept(value: Fraction) -> Decimal:
    return as_decimal(value).quantize(PLACES, ROUND_HALF_UP).normalize() + 0
