"""What the calculator is given: a sheet for each student of a class, as the teachers or as an audience may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from faraday_app.gradebook.calculation import Grading, Group, Period, Sheet, Work
from faraday_app.gradebook.models import Audience
from faraday_app.gradebook.service.marks import Cell, Mark
from faraday_app.gradebook.service.structure import PeriodOf, Structure, WorkOf
from faraday_app.gradebook.service.visibility import visible

# score, deducted, excused, pending review, when it was posted: all that a total needs of a grade.
Counted = tuple[Decimal | None, Decimal, bool, bool, datetime | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """A piece of work as it is for everybody without a grade, and where other dates put it."""

    work: WorkOf
    key: str
    plain: Work
    releases: Mapping[str, datetime | None]


def of_marks(marks: Mapping[Cell, Mark]) -> dict[UUID, dict[UUID, Counted]]:
    """Of each student, by assignment: what totals need of grades."""
    found: dict[UUID, dict[UUID, Counted]] = {}
    for (work, student), mark in marks.items():
        given = (mark.score, mark.deducted, mark.excused, mark.pending_review, mark.posted_at)
        found.setdefault(student, {})[work] = given
    return found


class Sheets:
    """Sheets of a class at a moment. For the staff with all scores; ``unposted`` ones are marked, so that the student
    view of the calculator leaves them out."""

    def __init__(self, structure: Structure, moment: datetime) -> None:
        self.structure, self.moment = structure, moment
        self._periods = structure.policy.weighted_periods and bool(structure.periods)
        self._plans = {
            group.id: [self._plan(work) for work in structure.by_group[group.id]] for group in structure.groups
        }
        self._given = tuple(Period(str(each.id), each.weight) for each in structure.periods)

    def _plan(self, work: WorkOf) -> Plan:
        key = str(work.id)
        return Plan(work, key, self._blank(work, key), self.structure.releases.get(work.id, {}))

    def _blank(self, work: WorkOf, key: str) -> Work:
        return Work(
            key,
            work.points,
            period=self._period(work.due_at),
            hidden=not work.for_everyone,
            omitted=work.omitted,
            not_graded=work.grading is Grading.not_graded,
            published=work.shown,
        )

    def _period(self, due_at: datetime | None) -> str | None:
        if not self._periods:
            return None
        found: PeriodOf | None = self.structure.period(due_at)
        return str(found.id) if found else None

    def of(self, student_id: UUID, grades: Mapping[UUID, Counted], audience: Audience = Audience.student) -> Sheet:
        """For the staff: calculated in the teacher's view with all scores, in the student's as the audience sees."""
        return self._sheet(
            {
                group: [self._work(plan, student_id, grades, audience) for plan in plans]
                for group, plans in self._plans.items()
            }
        )

    def as_seen(self, student_id: UUID, grades: Mapping[UUID, Counted], audience: Audience) -> Sheet:
        """What may leave for the audience: no score that it may not see is in it, nor work that is not for them."""
        found: dict[UUID, list[Work]] = {}
        for group, plans in self._plans.items():
            works = [self._work(plan, student_id, grades, audience) for plan in plans]
            found[group] = [_without(work) for work in works if work.published and not work.hidden]
        return self._sheet(found)

    def _sheet(self, work: Mapping[UUID, list[Work]]) -> Sheet:
        policy = self.structure.policy
        return Sheet(
            tuple(
                Group(str(group.id), tuple(work[group.id]), group.weight, group.rules, group.aggregate)
                for group in self.structure.groups
            ),
            policy.scheme,
            self._given,
            policy.weighted_periods,
            policy.letters,
            policy.cap,
        )

    def _work(self, plan: Plan, student_id: UUID, grades: Mapping[UUID, Counted], audience: Audience) -> Work:
        plain, grade = plan.plain, grades.get(plan.work.id)
        period, hidden = plain.period, plain.hidden
        if not plan.work.same_for_all:
            due = self.structure.due(plan.work, student_id)
            period, hidden = self._period(due.at if due else None), due is None
        if grade is None and (period, hidden) == (plain.period, plain.hidden):
            return plain
        score, deducted, excused, pending, posted_at = grade or _NO_GRADE
        return Work(
            plan.key,
            plain.possible,
            score,
            period,
            excused,
            hidden,
            not visible(posted_at, plan.releases, audience, self.moment),
            pending,
            plain.omitted,
            plain.not_graded,
            plain.published,
            deducted,
        )


_NO_GRADE: Counted = (None, Decimal(0), False, False, None)


def _without(work: Work) -> Work:
    if not work.unposted or work.score is None:
        return work
    return Work(
        work.id,
        work.possible,
        period=work.period,
        excused=work.excused,
        omitted=work.omitted,
        not_graded=work.not_graded,
    )
