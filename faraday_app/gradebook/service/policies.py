"""The rules by which a class is counted: read, and checked by the calculator's own functions."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import Invalid
from faraday_app.gradebook.calculation import (
    DEFAULT,
    Band,
    Interval,
    LatePolicy,
    Letters,
    PerInterval,
    Scheme,
    Tier,
    Tiers,
    flaws,
)
from faraday_app.gradebook.models import GradebookPolicy, Posting

MOST_LETTERS = 30
MOST_TIERS = 20


@dataclass(frozen=True, slots=True)
class Policy:
    """``version`` 0: the class has the defaults. ``missing_percent`` is what missing work loses; None: it stays
    ungraded."""

    scheme: Scheme = Scheme.points
    weighted_periods: bool = False
    letters: Letters = DEFAULT
    cap: Decimal | None = None
    late: LatePolicy | None = None
    missing_percent: Decimal | None = None
    posting: Posting = Posting.automatic
    version: int = 0


def usual(*, weighted: bool, late_percent: int) -> Policy:
    """By weight or by points, and what a late day costs; all else as without a word."""
    return Policy(Scheme.weighted if weighted else Scheme.points, late=PerInterval(late_percent))


async def policy_of(session: AsyncSession, class_id: UUID) -> Policy:
    """For whoever may already see the class."""
    row = await session.scalar(select(GradebookPolicy).where(col(GradebookPolicy.class_id) == class_id))
    if row is None:
        return Policy()
    stored = {name: getattr(row, name) for name in (*_PLAIN, "letters", "late", "cap", "missing_percent", "version")}
    return from_json(stored)


def check(policy: Policy) -> None:
    """Invalid, with the field, where a rule cannot be kept to."""
    bands = [(band.name, band.at_least) for band in policy.letters.bands]
    if len(bands) > MOST_LETTERS:
        raise Invalid(f"At most {MOST_LETTERS} letters.", "letters")
    if found := flaws(bands):
        raise Invalid(found[0].words, "letters")
    if any(len(name) > 40 for name, _ in bands):
        raise Invalid("A letter has at most 40 characters.", "letters")
    _between(policy.cap, "cap", "The highest percent", Decimal(1), Decimal(1000))
    _between(policy.missing_percent, "missing_percent", "What missing work loses", Decimal(0), Decimal(100))
    late = policy.late
    if late is None:
        return
    _between(late.floor, "late", "The lowest percent", Decimal(0), Decimal(100))
    if isinstance(late, PerInterval):
        _between(late.percent, "late", "What a late day or hour costs", Decimal(0), Decimal(100))
        return
    if not late.table or len(late.table) > MOST_TIERS:
        raise Invalid(f"A table of penalties has 1 to {MOST_TIERS} lines.", "late")
    if len({tier.after for tier in late.table}) < len(late.table):
        raise Invalid("Two lines of the table begin at the same time.", "late")
    for tier in late.table:
        _between(tier.percent, "late", "A penalty", Decimal(0), Decimal(100))
        _between(tier.after, "late", "When a penalty begins", Decimal(0), Decimal(400 * 86_400))


def _between(value: Any, field: str, what: str, least: Decimal, most: Decimal) -> None:
    if value is not None and not least <= value <= most:
        raise Invalid(f"{what} is between {least} and {most}.", field)


_PLAIN = ("scheme", "weighted_periods", "posting")


def as_json(policy: Policy) -> dict[str, Any]:
    """As it is stored: numbers as text. An unchanged default is left empty."""
    letters = [
        [band.name, str(band.at_least), None if band.points is None else str(band.points)]
        for band in policy.letters.bands
    ]
    return {
        "scheme": policy.scheme.value,
        "weighted_periods": policy.weighted_periods,
        "letters": [] if policy.letters == DEFAULT else letters,
        "cap": _text(policy.cap),
        "late": late_as_json(policy.late),
        "missing_percent": _text(policy.missing_percent),
        "posting": policy.posting.value,
    }


def from_json(stored: dict[str, Any]) -> Policy:
    bands = tuple(
        Band(name, Decimal(least), None if points is None else Decimal(points))
        for name, least, points in stored["letters"]
    )
    return Policy(
        Scheme(stored["scheme"]),
        bool(stored["weighted_periods"]),
        Letters(tuple(sorted(bands, key=lambda band: band.at_least, reverse=True))) if bands else DEFAULT,
        number(stored["cap"]),
        late_from_json(stored["late"]),
        number(stored["missing_percent"]),
        Posting(stored["posting"]),
        int(stored.get("version", 0)),
    )


def late_as_json(late: LatePolicy | None) -> dict[str, Any]:
    if late is None:
        return {}
    if isinstance(late, PerInterval):
        return {"per": late.interval.value, "percent": str(late.percent), "floor": str(late.floor)}
    return {"tiers": [[tier.after, str(tier.percent)] for tier in late.table], "floor": str(late.floor)}


def late_from_json(stored: dict[str, Any]) -> LatePolicy | None:
    if not stored:
        return None
    floor = Decimal(stored.get("floor") or 0)
    if "tiers" in stored:
        return Tiers(tuple(Tier(int(after), Decimal(percent)) for after, percent in stored["tiers"]), floor)
    return PerInterval(Decimal(stored["percent"]), Interval(stored["per"]), floor)


def number(value: Any) -> Decimal | None:
    """A stored number; what is stored can always be read."""
    try:
        return None if value is None else Decimal(str(value)).normalize() + 0
    except InvalidOperation as error:
        raise Invalid("This is not a number.") from error


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
