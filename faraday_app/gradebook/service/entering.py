"""What a teacher typed into a cell, read exactly: a number, a percent, a letter, or a word such as "ex"."""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from faraday_app.core.errors import Invalid
from faraday_app.gradebook.calculation import Band, Grading, Letters, as_decimal
from faraday_app.gradebook.calculation.rounding import fraction
from faraday_app.gradebook.models import Lateness
from faraday_app.gradebook.service.marks import Mark
from faraday_app.gradebook.service.structure import WorkOf

PLACES = Decimal("0.0001")
MOST = Decimal(1_000_000)
_NUMBER = re.compile(r"[+-]?(\d{1,9})([.,]\d{1,6})?")
_LATE = re.compile(r"late(?:\s+(\d{1,4})\s*(d|h|m)\w*)?", re.IGNORECASE)
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60}
_DASHES = str.maketrans({"-": "−", "–": "−", "—": "−"})
CLEAR = {"", "−", "clear"}
EXCUSED = {"ex", "excused", "exc"}
PASSED = {"pass", "passed", "p", "complete", "✓"}
FAILED = {"fail", "failed", "f", "incomplete", "✗"}
HOW = "Enter points, a percent such as 85 %, a letter, “ex” for excused or “-” to clear."


@dataclass(frozen=True, slots=True)
class Typed:
    """What it means, before lateness. ``raw`` in points; ``keeps``: only what is said of its lateness changes."""

    raw: Decimal | None = None
    entered: str = ""
    excused: bool = False
    lateness: Lateness | None = None
    late_seconds: int | None = None

    @property
    def keeps(self) -> bool:
        return self.lateness is not None


def read(typed: str, work: WorkOf, letters: Letters) -> Typed:
    """Invalid, with what can be typed, where it means nothing for this work."""
    words = " ".join(typed.split()).casefold()
    if work.grading is Grading.not_graded:
        raise Invalid(f"“{work.title}” is not graded.")
    found = _word(words, work) or _letter(words, work, letters)
    return found or _value(words, work)


def _word(words: str, work: WorkOf) -> Typed | None:
    if words.translate(_DASHES) in CLEAR:
        return Typed()
    if words in EXCUSED:
        return Typed(excused=True)
    if work.grading is Grading.pass_fail and words in PASSED | FAILED:
        return Typed(work.points or Decimal(0), "pass") if words in PASSED else Typed(Decimal(0), "fail")
    return _lateness(words)


def _letter(words: str, work: WorkOf, letters: Letters) -> Typed | None:
    """A band that is called by a number, as of a scale from 1 to 4, is meant only where work is graded in such."""
    wanted = words.translate(_DASHES)
    if _NUMBER.fullmatch(words) and work.grading not in (Grading.letter, Grading.gpa):
        return None
    band = next((band for band in letters.bands if band.name.translate(_DASHES).casefold() == wanted), None)
    return _percent(worth(band, letters), work, band.name) if band else None


def _value(words: str, work: WorkOf) -> Typed:
    if "/" in words:
        return _share(words, work)
    value = _number(words.removesuffix("%"))
    is_percent = words.endswith("%") or work.grading is Grading.percent
    return _percent(value, work, f"{value} %") if is_percent else Typed(_points(value))


def _lateness(words: str) -> Typed | None:
    plain = {"on time": Lateness.on_time, "missing": Lateness.missing, "by time": Lateness.by_time}
    if words in plain:
        return Typed(lateness=plain[words])
    found = _LATE.fullmatch(words)
    if found is None:
        return None
    seconds = int(found[1]) * _SECONDS[found[2]] if found[1] else None
    return Typed(lateness=Lateness.late, late_seconds=seconds)


def _number(words: str) -> Decimal:
    words = words.strip().replace("−", "-")
    found = _NUMBER.fullmatch(words)
    if found is None:
        raise Invalid(HOW)
    if (found[2] or "").startswith(",") and len(found[2]) == 4 and found[1] != "0":
        raise Invalid(f"{words} can mean two numbers: write it without a comma, or with a point.")
    return Decimal(words.replace(",", "."))


def _points(value: Decimal) -> Decimal:
    if abs(value) > MOST:
        raise Invalid(f"A score is at most {MOST:,}.")
    kept = value.quantize(PLACES, ROUND_HALF_UP)
    return kept.normalize() + 0


def _percent(value: Decimal, work: WorkOf, entered: str) -> Typed:
    if work.points is None:
        raise Invalid(f"“{work.title}” has no possible points, so a percent or a letter says nothing. Enter points.")
    return Typed(_exactly(fraction(value) * fraction(work.points) / 100), entered)


def _share(words: str, work: WorkOf) -> Typed:
    score, _, possible = words.partition("/")
    of = _number(possible)
    if of <= 0:
        raise Invalid(HOW)
    if of == work.points:
        return Typed(_points(_number(score)))
    value = fraction(_number(score)) * 100 / fraction(of)
    return replace(_percent(_exactly(value), work, ""), raw=_exactly(value * fraction(work.points or 0) / 100))


def _exactly(value: Fraction) -> Decimal:
    return _points(as_decimal(value))


def worth(band: Band, letters: Letters) -> Decimal:
    """The percent that a letter stands for: the highest gives 100, another one percent less than the next one up
    begins at, or where it begins when it is narrower than that."""
    place = letters.bands.index(band)
    if place == 0:
        return Decimal(100)
    top = as_decimal(fraction(letters.bands[place - 1].at_least)) - 1
    return max(top, as_decimal(fraction(band.at_least)))


def applied(mark: Mark, typed: Typed) -> Mark:
    """The grade with it, before lateness is figured out."""
    if typed.lateness is not None:
        return replace(mark, lateness=typed.lateness, late_seconds=typed.late_seconds, by_policy=False)
    return replace(
        mark,
        raw=typed.raw,
        entered=typed.entered,
        excused=typed.excused,
        pending_review=False,
        by_policy=False,
    )
