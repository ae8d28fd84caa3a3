"""The one calculator of the gradebook: pure functions over exact numbers, without a database and without a page.

The screen, the export, the API and a parent's page all come through here. Each part reads like its rule:
``counting`` (what counts at all), ``drops``, ``groups``, ``schemes``, ``periods``, ``rounding``, ``letters`` and
``scales``, ``late``, ``derivation`` (how it came about), ``seeking`` (what if, what do I need), ``columns`` (the totals
of a whole class).
"""

from faraday_app.gradebook.calculation.columns import Course, Scores, Shown
from faraday_app.gradebook.calculation.counting import Kind, Reason
from faraday_app.gradebook.calculation.derivation import (
    Adding,
    Derivation,
    GroupLine,
    PeriodLine,
    Standing,
    WorkLine,
)
from faraday_app.gradebook.calculation.grading import Grades, Result, calculate
from faraday_app.gradebook.calculation.late import (
    DEDUCTIBLE,
    Grading,
    Interval,
    LatePolicy,
    Penalty,
    PerInterval,
    Tier,
    Tiers,
    again,
    late,
    missing,
)
from faraday_app.gradebook.calculation.letters import DEFAULT, Band, Flaw, Letters, flaws, letters
from faraday_app.gradebook.calculation.rounding import Exact, as_decimal, half_up
from faraday_app.gradebook.calculation.scales import GRADE_POINTS, MASTERY, MASTERY_OF_PERCENT, Method, gpa, mastery
from faraday_app.gradebook.calculation.seeking import Goal, NotCounted, Outlook, Span, goal, outlook, what_if
from faraday_app.gradebook.calculation.sheet import (
    Aggregate,
    DropBy,
    Group,
    Id,
    Period,
    Rules,
    Scheme,
    Sheet,
    View,
    Work,
)

__all__ = [
    "DEDUCTIBLE",
    "DEFAULT",
    "GRADE_POINTS",
    "MASTERY",
    "MASTERY_OF_PERCENT",
    "Adding",
    "Aggregate",
    "Band",
    "Course",
    "Derivation",
    "DropBy",
    "Exact",
    "Flaw",
    "Goal",
    "Grades",
    "Grading",
    "Group",
    "GroupLine",
    "Id",
    "Interval",
    "Kind",
    "LatePolicy",
    "Letters",
    "Method",
    "NotCounted",
    "Outlook",
    "Penalty",
    "PerInterval",
    "Period",
    "PeriodLine",
    "Reason",
    "Result",
    "Rules",
    "Scheme",
    "Scores",
    "Sheet",
    "Shown",
    "Span",
    "Standing",
    "Tier",
    "Tiers",
    "View",
    "Work",
    "WorkLine",
    "again",
    "as_decimal",
    "calculate",
    "flaws",
    "goal",
    "gpa",
    "half_up",
    "late",
    "letters",
    "mastery",
    "missing",
    "outlook",
    "what_if",
]
