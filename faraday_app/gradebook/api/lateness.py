"""A late score as it is sent, and what lateness takes off it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from faraday_app.gradebook.api.values import Amount, Number, Percent, Printed, printed
from faraday_app.gradebook.calculation import Grading, Interval, PerInterval, late

# Some say letter and gpa, Canvas says letter_grade and gpa_scale.
KINDS = {
    "points": Grading.points,
    "percent": Grading.percent,
    "letter": Grading.letter,
    "letter_grade": Grading.letter,
    "gpa": Grading.gpa,
    "gpa_scale": Grading.gpa,
    "pass_fail": Grading.pass_fail,
    "not_graded": Grading.not_graded,
}
EXAMPLE: dict[str, Any] = {
    "raw_score": 90,
    "points_possible": 100,
    "late_seconds": 90_000,
    "grading_type": "points",
    "policy": {"enabled": True, "deduct_percent_per_interval": 10, "interval": "day", "minimum_percent": 40},
}


class LatePolicyIn(BaseModel):
    enabled: StrictBool
    deduct_percent_per_interval: Percent = Field(description="Of the possible points, for each interval begun.")
    interval: Literal["day", "hour"]
    minimum_percent: Percent | None = Field(description="The deduction goes no lower; null is 0.")


class LateIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    raw_score: Number | None
    points_possible: Amount | None
    late_seconds: Number = Field(description="After the due date; 0 or less is in time.")
    grading_type: Literal["points", "percent", "letter", "letter_grade", "gpa", "gpa_scale", "pass_fail", "not_graded"]
    policy: LatePolicyIn


class LateOut(BaseModel):
    points_deducted: Printed
    score_after: Printed | None = Field(description="Null where there was no score.")


def penalty(wanted: LateIn) -> LateOut:
    rule = wanted.policy
    policy = PerInterval(rule.deduct_percent_per_interval, Interval(rule.interval), rule.minimum_percent or 0)
    found = late(
        wanted.raw_score,
        wanted.points_possible,
        wanted.late_seconds,
        KINDS[wanted.grading_type],
        policy if rule.enabled else None,
    )
    return LateOut(points_deducted=printed(found.deducted) or "0", score_after=printed(found.shown))
