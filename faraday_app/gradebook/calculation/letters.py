"""Letters: the highest band whose lower bound the percent reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from faraday_app.gradebook.calculation.rounding import Exact


@dataclass(frozen=True, slots=True)
class Band:
    """``at_least`` is its inclusive lower bound in percent; ``points`` is what it is worth where that is counted."""

    name: str
    at_least: Exact
    points: Exact | None = None


@dataclass(frozen=True, slots=True)
class Letters:
    """Bands from the highest to the one that begins at 0."""

    bands: tuple[Band, ...]

    def band(self, percent: Exact) -> Band:
        """Of a percent as it is shown, rounded. What lies below 0 has the lowest."""
        return next((band for band in self.bands if band.at_least <= percent), self.bands[-1])

    def named(self, name: str) -> Band | None:
        return next((band for band in self.bands if band.name == name), None)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a scheme; ``place`` is the band, None the scheme as a whole."""

    place: int | None
    words: str


def letters(*bands: tuple[str, Exact] | tuple[str, Exact, Exact]) -> Letters:
    """In whatever order they come. Look for ``flaws`` first."""
    made = (Band(*band) for band in bands)
    return Letters(tuple(sorted(made, key=lambda band: band.at_least, reverse=True)))


def flaws(bands: Sequence[tuple[str, Exact]]) -> list[Flaw]:
    """Why these cannot be a scheme: no name or bound twice, nothing below 0, and one band that begins at 0."""
    found, names, bounds = [], set(), set()
    for place, (name, bound) in enumerate(bands):
        if not name.strip():
            found.append(Flaw(place, "A letter needs a name."))
        if name.strip() in names:
            found.append(Flaw(place, f"“{name}” is there twice."))
        if bound in bounds:
            found.append(Flaw(place, f"Two letters begin at {bound}."))
        if bound < 0:
            found.append(Flaw(place, "A letter begins at 0 or above."))
        names.add(name.strip())
        bounds.add(bound)
    if 0 not in bounds:
        found.append(Flaw(None, "The lowest letter has to begin at 0, so that every percent has one."))
    return found


DEFAULT = letters(
    ("A", 94, Decimal("4.0")),
    ("A−", 90, Decimal("3.7")),
    ("B+", 87, Decimal("3.3")),
    ("B", 84, Decimal("3.0")),
    ("B−", 80, Decimal("2.7")),
    ("C+", 77, Decimal("2.3")),
    ("C", 74, Decimal("2.0")),
    ("C−", 70, Decimal("1.7")),
    ("D+", 67, Decimal("1.3")),
    ("D", 64, Decimal("1.0")),
    ("D−", 61, Decimal("0.7")),
    ("F", 0, Decimal("0.0")),
)
