"""Numbers that people enter: exact, and of a size that can be stored."""

from decimal import Decimal

from faraday_app.core.errors import Invalid

PLACES = Decimal("0.0001")


def at_least_nothing(number: Decimal | None, most: Decimal, field: str, what: str) -> Decimal | None:
    """With four places at most. Invalid for less than 0, for more than ``most`` and for what is no number."""
    if number is None:
        return None
    if not number.is_finite() or not 0 <= number <= most:
        raise Invalid(f"{what} is a number from 0 to {most:,}.", field=field)
    if number != number.quantize(PLACES):
        raise Invalid(f"{what} can have four decimal places.", field=field)
    return number
