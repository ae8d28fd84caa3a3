"""What a rubric asks, and what marks by it come to. Pure, and exact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from faraday_app.core.errors import Invalid
from faraday_app.coursework.models import RubricCriterion

MOST_CRITERIA = 30
MOST_RATINGS = 10
MOST_POINTS = Decimal(100_000)
LONGEST_TITLE, LONGEST_TEXT = 200, 2_000
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Rating:
    """A level of a criterion: the points it gives, or with ranges the most of them."""

    title: str
    points: Decimal
    text: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """``id`` is empty until it is kept. ``ratings`` from the best; without any, what is given lies between 0 and
    ``points``."""

    title: str
    points: Decimal
    details: str = ""
    scored: bool = True
    ranged: bool = False
    ratings: tuple[Rating, ...] = ()
    id: str = ""

    def range_of(self, place: int) -> tuple[Decimal, Decimal]:
        """The points that a rating stands for. With ranges it begins above the next lower one, the lowest at 0."""
        most = self.ratings[place].points
        if not self.ranged:
            return most, most
        lower = self.ratings[place + 1].points if place + 1 < len(self.ratings) else Decimal(0)
        return lower, most

    def rating_for(self, points: Decimal) -> int | None:
        """The rating that these points belong to; on a border the better one's range ends the lower begins at it."""
        if not self.ranged:
            return next((place for place, each in enumerate(self.ratings) if each.points == points), None)
        within = [place for place, each in enumerate(self.ratings) if points <= each.points]
        return within[-1] if within else None


@dataclass(frozen=True, slots=True)
class Mark:
    """What was given for a criterion. ``rating`` is the place of one from the best, 0 first."""

    rating: int | None = None
    points: Decimal | None = None
    remark: str = ""

    @property
    def is_given(self) -> bool:
        return self.rating is not None or self.points is not None


Marks = Mapping[str, Mark]


def checked(criteria: Sequence[Criterion]) -> list[Criterion]:
    """As they can be kept: trimmed, ratings from the best. Invalid names the criterion that is at fault."""
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        raise Invalid(f"A rubric has 1 to {MOST_CRITERIA} criteria.", field="criteria")
    return [_checked(each, f"criteria.{place}") for place, each in enumerate(criteria)]


def highest(criteria: Iterable[Criterion]) -> Decimal:
    """What can be reached: criteria that are not scored add nothing."""
    return sum((each.points for each in criteria if each.scored), Decimal(0))


def total(criteria: Iterable[Criterion], marks: Marks) -> Decimal | None:
    """The points of the scored criteria that were marked; None while none of them was."""
    given = [marks[each.id].points for each in criteria if each.scored and each.id in marks]
    counted = [points for points in given if points is not None]
    return sum(counted, Decimal(0)) if counted else None


def unmarked(criteria: Iterable[Criterion], marks: Marks) -> list[Criterion]:
    """The scored criteria that nobody has judged yet."""
    return [each for each in criteria if each.scored and marks.get(each.id, Mark()).points is None]


def settled(criteria: Iterable[Criterion], marks: Marks) -> dict[str, Mark]:
    """Marks that fit the criteria: a rating brings its points, points their rating. Invalid says which do not."""
    known = {each.id: each for each in criteria}
    if unknown := set(marks) - set(known):
        raise Invalid("This criterion is not in the rubric of this work.", field=f"marks.{min(unknown)}")
    return {id: _settled(known[id], mark) for id, mark in marks.items() if mark.is_given or mark.remark.strip()}


def of_row(row: RubricCriterion) -> Criterion:
    ratings = tuple(Rating(each["title"], Decimal(each["points"]), each["text"]) for each in row.ratings)
    points = row.points.normalize() + 0
    return Criterion(row.title, points, row.details, row.scored, row.ranged, ratings, str(row.id))


def kept(rating: Rating) -> dict[str, Any]:
    return {"title": rating.title, "points": plain(rating.points), "text": rating.text}


def plain(number: Decimal) -> str:
    """4, 4.5 and 0.25: no zeros that say nothing."""
    return f"{number.normalize():f}"


def _checked(wanted: Criterion, field: str) -> Criterion:
    title = wanted.title.strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Invalid(f"A criterion has a title of 1 to {LONGEST_TITLE} characters.", field=f"{field}.title")
    if len(wanted.details) > LONGEST_TEXT:
        raise Invalid(f"A description has {LONGEST_TEXT:,} characters at most.", field=f"{field}.details")
    if len(wanted.ratings) == 1 or len(wanted.ratings) > MOST_RATINGS:
        raise Invalid(f"“{title}” needs 2 to {MOST_RATINGS} levels, or none at all.", field=f"{field}.ratings")
    ratings = tuple(sorted((_rating(each, title, field) for each in wanted.ratings), key=lambda each: -each.points))
    if wanted.scored and len({each.points for each in ratings}) < len(ratings):
        raise Invalid(f"Two levels of “{title}” give the same points.", field=f"{field}.ratings")
    points = ratings[0].points if ratings else _points(wanted.points, title, f"{field}.points")
    details = wanted.details.strip()
    return replace(wanted, title=title, details=details, points=points, ratings=ratings)


def _rating(wanted: Rating, of: str, field: str) -> Rating:
    title = wanted.title.strip()
    if not 1 <= len(title) <= LONGEST_TITLE or len(wanted.text) > LONGEST_TEXT:
        raise Invalid(f"Each level of “{of}” has a name, and a text of {LONGEST_TEXT:,} characters at most.", field)
    return Rating(title, _points(wanted.points, title, f"{field}.ratings"), wanted.text.strip())


def _points(number: Decimal, of: str, field: str) -> Decimal:
    if not number.is_finite() or not 0 <= number <= MOST_POINTS:
        raise Invalid(f"The points of “{of}” are a number from 0 to {MOST_POINTS:,}.", field=field)
    if number != number.quantize(_PLACES):
        raise Invalid(f"The points of “{of}” can have four decimal places.", field=field)
    return number


def _settled(criterion: Criterion, mark: Mark) -> Mark:
    field, remark = f"marks.{criterion.id}", mark.remark.strip()
    if len(remark) > LONGEST_TEXT:
        raise Invalid(f"A remark has {LONGEST_TEXT:,} characters at most.", field=field)
    if mark.rating is not None and not 0 <= mark.rating < len(criterion.ratings):
        raise Invalid(f"“{criterion.title}” has no such level.", field=field)
    if mark.points is None:
        points = criterion.ratings[mark.rating].points if mark.rating is not None else None
        return Mark(mark.rating, points, remark)
    points = _points(mark.points, criterion.title, field)
    if points > criterion.points:
        raise Invalid(f"“{criterion.title}” gives {plain(criterion.points)} points at most.", field=field)
    rating = _rating_of(criterion, mark.rating, points)
    if criterion.ratings and rating is None:
        choices = ", ".join(plain(each.points) for each in criterion.ratings)
        raise Invalid(f"“{criterion.title}” gives one of: {choices} points.", field=field)
    return Mark(rating, points, remark)


def _rating_of(criterion: Criterion, rating: int | None, points: Decimal) -> int | None:
    """The level that was chosen where the points are within it; else the one that they belong to."""
    if rating is not None:
        least, most = criterion.range_of(rating)
        if least <= points <= most:
            return rating
    return criterion.rating_for(points)
