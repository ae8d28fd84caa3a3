"""What counts: work that is left out of both results, and what an ungraded piece is in each."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import compress

from faraday_app.gradebook.calculation.rounding import scaled
from faraday_app.gradebook.calculation.sheet import Group, View, Work, in_order


class Kind(StrEnum):
    """The two results: of what is graded by now, and of everything, where what is missing counts 0."""

    current = "current"
    final = "final"


class Reason(StrEnum):
    """Why a piece of work is left out."""

    excused = "excused"
    omitted = "omitted"
    not_graded = "not_graded"
    hidden = "hidden"
    unpublished = "unpublished"
    outside = "outside_of_periods"
    ungraded = "ungraded"
    unposted = "unposted"
    pending_review = "pending_review"


@dataclass(frozen=True, slots=True)
class Left:
    work: Work
    reason: Reason


@dataclass(frozen=True, slots=True)
class Counted:
    """The work of a group that counts in one result, in the order of its ids, in units of which ``unit`` make 1."""

    work: list[Work]
    scores: list[int]
    possible: list[int]
    unit: int
    left: list[Left]


def counted(group: Group, view: View) -> dict[Kind, Counted]:
    """For both results. They are the same object where nothing is ungraded."""
    left = [Left(work, why) for work in group.work if (why := left_out(work))]
    gone = {each.work.id for each in left}
    work = [each for each in group.work if each.id not in gone] if gone else list(group.work)
    if group.rules.lowest or group.rules.highest:
        work.sort(key=lambda each: in_order(each.id))
    missing = [_missing(each, view) for each in work]
    scores = [each.score or 0 if why in _WITH_SCORE else 0 for each, why in zip(work, missing, strict=True)]
    numbers, unit = scaled([*scores, *[each.possible or 0 for each in work]])
    final = Counted(work, numbers[: len(work)], numbers[len(work) :], unit, left)
    if not any(missing):
        return {Kind.current: final, Kind.final: final}
    also = [Left(each, why) for each, why in zip(work, missing, strict=True) if why]
    return {Kind.current: _graded(final, [not why for why in missing], also), Kind.final: final}


def _graded(final: Counted, graded: list[bool], also: list[Left]) -> Counted:
    return Counted(
        list(compress(final.work, graded)),
        list(compress(final.scores, graded)),
        list(compress(final.possible, graded)),
        final.unit,
        [*final.left, *also],
    )


def left_out(work: Work) -> Reason | None:
    """Why this counts in neither result, whatever its score."""
    if not work.published:
        return Reason.unpublished
    if work.hidden:
        return Reason.hidden
    if work.not_graded:
        return Reason.not_graded
    if work.omitted:
        return Reason.omitted
    return Reason.excused if work.excused else None


_WITH_SCORE = (None, Reason.pending_review)


def _missing(work: Work, view: View) -> Reason | None:
    if work.score is None:
        return Reason.ungraded
    if work.unposted and view is View.student:
        return Reason.unposted
    return Reason.pending_review if work.pending_review else None
