"""What is calculated: one student's work in one class, and the rules it is counted by."""

from dataclasses import dataclass
from enum import StrEnum

from faraday_app.gradebook.calculation.letters import DEFAULT, Letters
from faraday_app.gradebook.calculation.rounding import Exact

Id = int | str


class Scheme(StrEnum):
    """How groups come together: all points in one pot, or each group by its weight."""

    points = "points"
    weighted = "weighted"


class View(StrEnum):
    """Who looks: a student's view knows no score that was not posted."""

    teacher = "teacher"
    student = "student"


class DropBy(StrEnum):
    """What is dropped: what leaves the best total (Kane & Kane), or simply the lowest percent."""

    best_total = "best_total"
    item_percent = "item_percent"


class Aggregate(StrEnum):
    """What a group makes of its work: the sum of its points, or one figure of the percents."""

    sum = "sum"
    mean_of_percents = "mean_of_percents"
    median = "median"
    min = "min"
    max = "max"
    mode = "mode"


@dataclass(frozen=True, slots=True)
class Work:
    """One assignment as it stands for one student.

    ``score`` is what is shown, after ``deducted`` for lateness. ``period`` is where the student's own due date falls.
    """

    id: Id
    possible: Exact | None
    score: Exact | None = None
    period: Id | None = None
    excused: bool = False
    hidden: bool = False
    unposted: bool = False
    pending_review: bool = False
    omitted: bool = False
    not_graded: bool = False
    published: bool = True
    deducted: Exact = 0


@dataclass(frozen=True, slots=True)
class Rules:
    lowest: int = 0
    highest: int = 0
    never: frozenset[Id] = frozenset()
    by: DropBy = DropBy.best_total


@dataclass(frozen=True, slots=True)
class Group:
    """``weight`` is in percent; None weighs nothing."""

    id: Id
    work: tuple[Work, ...]
    weight: Exact | None = None
    rules: Rules = Rules()
    aggregate: Aggregate = Aggregate.sum


@dataclass(frozen=True, slots=True)
class Period:
    id: Id
    weight: Exact | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """``cap`` is the highest percent the class gives; None: extra credit may go beyond 100."""

    groups: tuple[Group, ...]
    scheme: Scheme = Scheme.points
    periods: tuple[Period, ...] = ()
    weighted_periods: bool = False
    letters: Letters = DEFAULT
    cap: Exact | None = None


def in_order(work_id: Id) -> tuple[bool, int, str]:
    """Sorts ids: whole numbers by their size, also those written as text; other texts behind them."""
    if isinstance(work_id, int):
        return (False, work_id, "")
    if work_id.isascii() and work_id.isdigit():
        return (False, int(work_id), work_id)
    return (True, 0, work_id)
