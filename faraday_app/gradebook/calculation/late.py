"""What lateness costs, and what missing work is written down as."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from faraday_app.gradebook.calculation.rounding import Exact, fraction


class Grading(StrEnum):
    """How a piece of work is graded."""

    points = "points"
    percent = "percent"
    letter = "letter"
    gpa = "gpa"
    pass_fail = "pass_fail"  # nosec B105  # noqa: S105  a word of schools
    not_graded = "not_graded"


class Interval(StrEnum):
    day = "day"
    hour = "hour"

    @property
    def seconds(self) -> int:
        return 86_400 if self is Interval.day else 3_600


DEDUCTIBLE = frozenset({Grading.points, Grading.percent, Grading.letter, Grading.gpa})


@dataclass(frozen=True, slots=True)
class PerInterval:
    """So many percent of the possible points for each interval that has begun, never below the floor."""

    percent: Exact
    interval: Interval = Interval.day
    floor: Exact = 0

    def wanted(self, late_seconds: Exact) -> Fraction:
        """Percent of the possible points."""
        return fraction(self.percent) * -(-fraction(late_seconds) // self.interval.seconds)


@dataclass(frozen=True, slots=True)
class Tier:
    """From more than ``after`` seconds overdue on, this percent of the possible points."""

    after: int
    percent: Exact


@dataclass(frozen=True, slots=True)
class Tiers:
    """The alternative: a table. The last tier that is reached counts, alone."""

    table: tuple[Tier, ...]
    floor: Exact = 0

    def wanted(self, late_seconds: Exact) -> Fraction:
        reached = [tier for tier in self.table if late_seconds > tier.after]
        return fraction(max(reached, key=lambda tier: tier.after).percent) if reached else Fraction(0)


LatePolicy = PerInterval | Tiers


@dataclass(frozen=True, slots=True)
class Penalty:
    """Three fields that are kept apart: what was earned, what was taken off it, what is shown."""

    raw: Fraction | None
    deducted: Fraction
    shown: Fraction | None


def late(
    raw: Exact | None, possible: Exact | None, late_seconds: Exact, grading: Grading, policy: LatePolicy | None
) -> Penalty:
    """possible × min(what the policy wants, raw% − floor) / 100. Without a policy, or in time, nothing is taken off."""
    if raw is None:
        return Penalty(None, Fraction(0), None)
    earned = fraction(raw)
    if policy is None or not possible or late_seconds <= 0 or grading not in DEDUCTIBLE:
        return Penalty(earned, Fraction(0), earned)
    most = max(earned * 100 / fraction(possible) - fraction(policy.floor), Fraction(0))
    deducted = fraction(possible) * min(policy.wanted(late_seconds), most) / 100
    return Penalty(earned, deducted, earned - deducted)


def again(before: Penalty, anew: Penalty, *, closed: bool) -> Penalty:
    """When a due date moved or the policy changed: always from the raw score, so a deduction can return to 0. What
    stands in a closed grading period stays."""
    return before if closed else anew


def missing(possible: Exact | None, grading: Grading, deduct_percent: Exact | None) -> Fraction | None:
    """The score to write for work that was not handed in; None when the policy is off or there is nothing to grade."""
    if deduct_percent is None or grading is Grading.not_graded:
        return None
    if grading is Grading.pass_fail:
        return Fraction(0)
    return fraction(possible or 0) * (100 - fraction(deduct_percent)) / 100
