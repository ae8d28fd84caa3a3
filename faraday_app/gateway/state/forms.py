"""What forms of the catalogue send, and what it means."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from faraday_app.core.errors import Invalid
from faraday_app.core.money import CREDIT
from faraday_app.gateway.service.managing.prices import DEAREST, PriceTerms

Choice = TypeVar("Choice")


def text_of(form: dict[str, Any], name: str, most: int = 500) -> str:
    return str(form.get(name) or "")[:most].replace("\x00", "")


def whole(form: dict[str, Any], name: str, field: str) -> int:
    words = text_of(form, name, 20).replace(",", "").replace(" ", "")
    if not (words.isascii() and words.isdecimal()):
        raise Invalid("Enter a whole number.", field=field)
    return int(words[:12])


def names_in(form: dict[str, Any], name: str) -> tuple[str, ...]:
    """Names of models, separated by commas or spaces."""
    return tuple(text_of(form, name, 2_000).replace(",", " ").split())


def price_of(form: dict[str, Any], zone: ZoneInfo | None = None) -> PriceTerms | None:
    """Credits for a million tokens; None when nothing was entered."""
    words = [text_of(form, name, 30).strip() for name in ("price_input", "price_output")]
    if not any(words):
        return None
    cached = text_of(form, "price_cached", 30).strip()
    return PriceTerms(
        _amount(words[0], "input"),
        _amount(words[1], "output"),
        _amount(cached, "cached_input") if cached else None,
        _moment(text_of(form, "price_from", 40).strip(), zone or ZoneInfo("UTC")),
    )


def amount_words(micro: int) -> str:
    """As it is typed: 0.5 for half a credit."""
    return f"{Decimal(micro) / CREDIT:f}"


def _amount(words: str, field: str) -> int:
    try:
        micro = Decimal(words.replace(",", "").replace(" ", "") or "0") * CREDIT
    except ArithmeticError:
        raise Invalid("Enter an amount such as 500 or 2.5.", field=field) from None
    if not micro.is_finite() or not 0 <= micro <= DEAREST or micro != micro.to_integral_value():
        raise Invalid("Enter an amount from 0 to 1,000,000 with at most six decimals.", field=field)
    return int(micro)


def _moment(words: str, zone: ZoneInfo) -> datetime | None:
    if not words:
        return None
    try:
        return datetime.fromisoformat(words).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("Enter a day and a time.", field="valid_from") from None
