"""Kinds of value in a class that is sent: ids that come back as they went, and exact numbers within bounds."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from faraday_app.gradebook.calculation import as_decimal

LONGEST_ID = 200  # characters
LARGEST_ID = 2**63 - 1
MOST_DIGITS, MOST_PLACES = 60, 20  # before and behind the decimal point


def _identifier(value: Any) -> int | str:
    if isinstance(value, str):
        if not 0 < len(value) <= LONGEST_ID or "\x00" in value:
            raise PydanticCustomError("id", f"An id has 1 to {LONGEST_ID} characters, NUL is none of them.")
        return value
    if type(value) is int and abs(value) <= LARGEST_ID:
        return value
    raise PydanticCustomError("id", "An id is an integer (of at most 64 bits) or a string.")


def _number(value: Any) -> Decimal:
    if type(value) is int:
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise PydanticCustomError("number", "This has to be a number, and a finite one.")
    parts = value.as_tuple()
    places = -int(parts.exponent)
    if len(parts.digits) - places > MOST_DIGITS or not -MOST_DIGITS <= places <= MOST_PLACES:
        raise PydanticCustomError(
            "number", f"A number has at most {MOST_DIGITS} digits before the decimal point and {MOST_PLACES} behind it."
        )
    return value


def _not_below_nought(value: Decimal) -> Decimal:
    if value < 0:
        raise PydanticCustomError("number", "This cannot be below 0.")
    return value


def _percent(value: Decimal) -> Decimal:
    if not 0 <= value <= 100:
        raise PydanticCustomError("number", "This is a percentage from 0 to 100.")
    return value


_ABOUT = f"At most {MOST_DIGITS} digits before the decimal point and {MOST_PLACES} behind it, taken exactly."
Identifier = Annotated[
    int | str,
    PlainValidator(_identifier),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": -LARGEST_ID, "maximum": LARGEST_ID},
                {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
            ]
        }
    ),
]
_EXACT = PlainValidator(_number)
Number = Annotated[Decimal, _EXACT, WithJsonSchema({"type": "number", "description": _ABOUT})]
Amount = Annotated[
    Decimal,
    _EXACT,
    AfterValidator(_not_below_nought),
    WithJsonSchema({"type": "number", "minimum": 0, "description": _ABOUT}),
]
Percent = Annotated[
    Decimal, _EXACT, AfterValidator(_percent), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100})
]
Printed = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["93.83"]})]


def printed(value: Fraction | Decimal | None) -> str | None:
    """Exactly, without an exponent."""
    if value is None:
        return None
    return f"{as_decimal(value) if isinstance(value, Fraction) else value:f}"
