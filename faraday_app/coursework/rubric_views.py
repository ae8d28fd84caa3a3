"""What the browser may know of rubrics."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from faraday_app.core.errors import Invalid
from faraday_app.coursework.service.rubrics import Criterion, Rating, highest, plain
from faraday_app.coursework.service.rubrics.listing import Listed


@dataclass(frozen=True, slots=True)
class RubricRow:
    id: str
    title: str
    about: str
    owner: str
    points: str
    used_in: str
    shared: bool
    own: bool


@dataclass(frozen=True, slots=True)
class LevelForm:
    """A level as it is being written: points as they were typed."""

    key: str
    title: str = ""
    points: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class CriterionForm:
    key: str
    title: str = ""
    details: str = ""
    points: str = ""
    scored: bool = True
    ranged: bool = False
    levels: list[LevelForm] = field(default_factory=list)


def rubric_row(found: Listed) -> RubricRow:
    count = f"{found.criteria} {'criterion' if found.criteria == 1 else 'criteria'}"
    uses = f"{found.used_in} {'assignment' if found.used_in == 1 else 'assignments'}" if found.used_in else "—"
    rubric = found.rubric
    shared = rubric.department_id is not None
    return RubricRow(
        str(rubric.id), rubric.title, count, found.owner_name, plain(found.highest), uses, shared, found.is_own
    )


def forms_of(criteria: Sequence[Criterion]) -> list[CriterionForm]:
    return [
        CriterionForm(
            f"c{place}",
            each.title,
            each.details,
            plain(each.points),
            each.scored,
            each.ranged,
            [
                LevelForm(f"c{place}l{at}", level.title, plain(level.points), level.text)
                for at, level in enumerate(each.ratings)
            ],
        )
        for place, each in enumerate(criteria)
    ]


def criteria_of(forms: Sequence[CriterionForm]) -> tuple[Criterion, ...]:
    """Invalid where something that should be a number is none."""
    return tuple(
        Criterion(
            each.title,
            Decimal(0) if each.levels else number(each.points, each.title),
            each.details,
            each.scored,
            each.ranged and bool(each.levels),
            tuple(Rating(level.title, number(level.points, level.title), level.text) for level in each.levels),
        )
        for each in forms
    )


def number(typed: str, of: str) -> Decimal:
    words = typed.strip().replace(",", ".")
    try:
        return Decimal(words or "0")
    except ArithmeticError:
        raise Invalid(f"The points of “{of or 'a criterion'}” are a number, such as 4 or 2.5.") from None


def reachable(forms: Sequence[CriterionForm]) -> str:
    """What can be reached, while it is written; a dash until all points are numbers."""
    try:
        best = [
            (each.scored, max((number(level.points, "") for level in each.levels), default=number(each.points, "")))
            for each in forms
        ]
    except Invalid:
        return "—"
    return plain(highest([Criterion("", points, scored=scored) for scored, points in best]))
