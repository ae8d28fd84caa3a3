"""A class as it is sent, and what it comes to."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from faraday_app.core.http.fields import Text
from faraday_app.gradebook.api.values import Amount, Identifier, Number, Printed, printed
from faraday_app.gradebook.calculation import (
    DEFAULT,
    Aggregate,
    DropBy,
    Grades,
    Group,
    Letters,
    Period,
    Result,
    Rules,
    Scheme,
    Sheet,
    Work,
    letters,
)

MOST_WORK = 2_000  # in all groups together
MOST_GROUPS, MOST_PERIODS, MOST_LETTERS = 200, 100, 100
MOST_DROPPED = 1_000_000

Count = Annotated[int, Field(strict=True, ge=0, le=MOST_DROPPED)]
EXAMPLE: dict[str, Any] = {
    "scheme": "weighted",
    "groups": [
        {
            "id": "quizzes",
            "weight": 40,
            "rules": {"drop_lowest": 1, "never_drop": ["quiz-3"]},
            "assignments": [
                {"id": "quiz-1", "points_possible": 10, "score": 8.5},
                {"id": "quiz-2", "points_possible": 20, "score": 9},
                {"id": "quiz-3", "points_possible": 10, "score": None},
            ],
        },
        {
            "id": "exams",
            "weight": 60,
            "rules": {},
            "assignments": [{"id": "final", "points_possible": 100, "score": 91.25}],
        },
    ],
}


class AssignmentIn(BaseModel):
    """One piece of work as it stands for the student. `score` null: not graded. `points_possible` null counts as 0."""

    id: Identifier
    points_possible: Amount | None
    score: Number | None
    period: Identifier | None = Field(None, description="The grading period that the student's own due date is in.")
    excused: StrictBool = False
    hidden: StrictBool = Field(False, description="From this student.")
    unposted: StrictBool = Field(False, description="A student's view knows no score of it.")
    pending_review: StrictBool = Field(False, description="Counts in `final` only.")
    omit_from_final_grade: StrictBool = False
    not_graded: StrictBool = False
    published: StrictBool = True


class RulesIn(BaseModel):
    drop_lowest: Count = 0
    drop_highest: Count = 0
    never_drop: list[Identifier] = Field([], max_length=MOST_WORK, description="Ids of assignments of the group.")


class GroupIn(BaseModel):
    id: Identifier
    weight: Amount | None = Field(None, description="In percent; without effect where the scheme is `points`.")
    rules: RulesIn = RulesIn()
    aggregate: Aggregate = Field(Aggregate.sum, description="Another figure than the sum of the points.")
    assignments: list[AssignmentIn] = Field(max_length=MOST_WORK)


class PeriodIn(BaseModel):
    id: Identifier
    weight: Amount | None = None


class ClassIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    scheme: Literal["points", "weighted"]
    view: Literal["teacher", "student"] = "teacher"
    drop_by: Literal["best_total", "item_percent"] = "best_total"
    weighted_periods: StrictBool = False
    periods: list[PeriodIn] = Field([], max_length=MOST_PERIODS)
    groups: list[GroupIn] = Field(max_length=MOST_GROUPS)
    letters: list[tuple[Annotated[Text, Field(min_length=1, max_length=50)], Amount]] | None = Field(
        None,
        max_length=MOST_LETTERS,
        description="Names with their lower bounds in percent; the lowest begins at 0. "
        + ", ".join(f"{band.name} {band.at_least}" for band in DEFAULT.bands)
        + " where there are none.",
        examples=[[["Pass", 50], ["Fail", 0]]],
    )
    cap: Amount | None = Field(None, description="The highest percent that the class gives.", examples=[100])


class ResultOut(BaseModel):
    """`score` of `possible` are points where the class adds points; where weights are counted, the percent of 100."""

    score: Printed | None
    possible: Printed | None
    percent: Printed | None = Field(description="Rounded half up to two decimals; null when nothing can be said.")
    letter: str | None
    dropped: list[int | str] = Field(description="Ids of assignments that drop rules took out.")


class GradesOut(BaseModel):
    current: ResultOut
    final: ResultOut


def sheet(wanted: ClassIn) -> Sheet:
    return Sheet(
        tuple(_group(each, DropBy(wanted.drop_by)) for each in wanted.groups),
        Scheme(wanted.scheme),
        tuple(Period(each.id, each.weight) for each in wanted.periods),
        wanted.weighted_periods,
        _letters(wanted.letters),
        wanted.cap,
    )


def _group(wanted: GroupIn, by: DropBy) -> Group:
    rules = Rules(wanted.rules.drop_lowest, wanted.rules.drop_highest, frozenset(wanted.rules.never_drop), by)
    return Group(wanted.id, tuple(_work(each) for each in wanted.assignments), wanted.weight, rules, wanted.aggregate)


def _work(wanted: AssignmentIn) -> Work:
    return Work(
        wanted.id,
        wanted.points_possible,
        wanted.score,
        wanted.period,
        excused=wanted.excused,
        hidden=wanted.hidden,
        unposted=wanted.unposted,
        pending_review=wanted.pending_review,
        omitted=wanted.omit_from_final_grade,
        not_graded=wanted.not_graded,
        published=wanted.published,
    )


def _letters(wanted: list[tuple[str, Decimal]] | None) -> Letters:
    return DEFAULT if wanted is None else letters(*wanted)


def grades(found: Grades) -> GradesOut:
    return GradesOut(current=_result(found.current), final=_result(found.final))


def _result(found: Result) -> ResultOut:
    return ResultOut(
        score=printed(found.score),
        possible=printed(found.possible),
        percent=printed(found.percent),
        letter=found.letter,
        dropped=list(found.dropped),
    )
