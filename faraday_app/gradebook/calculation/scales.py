"""Other scales than letters: mastery of a standard from 1 to 4, and grade points."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from faraday_app.gradebook.calculation.letters import DEFAULT, letters
from faraday_app.gradebook.calculation.rounding import Exact, fraction

# Levels of a standard. Evidence is given in these numbers, and what it comes to is read off here.
MASTERY = letters(
    ("Exceeds mastery", 4, 4),
    ("Mastery", 3, 3),
    ("Near mastery", 2, 2),
    ("Below mastery", 1, 1),
    ("No evidence", 0, 0),
)
# For work that was graded in percent and is to say something about a standard.
MASTERY_OF_PERCENT = letters(("4", 90, 4), ("3", 75, 3), ("2", 60, 2), ("1", 0, 1))


# Grade points in place of letters, from the same bounds.
GRADE_POINTS = letters(*((f"{band.points}", band.at_least, band.points or 0) for band in DEFAULT.bands))


class Method(StrEnum):
    """How the evidence for a standard becomes one figure."""

    latest = "latest"
    highest = "highest"
    mean = "mean"
    decaying_average = "decaying_average"


def mastery(evidence: Sequence[Exact], method: Method, newest_percent: Exact = 65) -> Fraction | None:
    """Of evidence from the oldest to the newest; None without any.

    In the decaying average each new piece weighs ``newest_percent``, and all before it the rest.
    """
    levels = [fraction(each) for each in evidence]
    if not levels:
        return None
    match method:
        case Method.latest:
            return levels[-1]
        case Method.highest:
            return max(levels)
        case Method.mean:
            return sum(levels, Fraction()) / len(levels)
        case Method.decaying_average:
            share, found = fraction(newest_percent) / 100, levels[0]
            for level in levels[1:]:
                found = level * share + found * (1 - share)
            return found


def gpa(classes: Sequence[tuple[Exact | None, Exact]]) -> Fraction | None:
    """Mean of grade points by credit hours, of (points, hours). A class without points yet is left out."""
    counting = [(fraction(points), fraction(hours)) for points, hours in classes if points is not None]
    hours = sum((each for _, each in counting), Fraction())
    return sum((points * each for points, each in counting), Fraction()) / hours if hours else None
