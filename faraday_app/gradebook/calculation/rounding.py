"""Exact numbers in, and the one rounding out."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

Exact = int | Decimal | Fraction  # never float: 93.825 is none
PLACES = 2


def half_up(value: Fraction, places: int = PLACES) -> Decimal:
    """To so many decimals; a half goes away from zero: 93.825 becomes 93.83."""
    whole = (abs(value.numerator) * 10**places * 2 + value.denominator) // (value.denominator * 2)
    below = value < 0 and whole > 0
    return Decimal((int(below), tuple(map(int, str(whole))), -places))


def as_decimal(value: Fraction, places: int = 12) -> Decimal:
    """As it is where it ends, without zeros at its end; rounded half up where it never ends (a third)."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return half_up(value, max(twos, fives) if rest == 1 else places)


def fraction(value: Exact) -> Fraction:
    return Fraction(*value.as_integer_ratio())


def scaled(values: Sequence[Exact]) -> tuple[list[int], int]:
    """Whole numbers in a common unit, and how many of it make one. Whole numbers calculate exactly and fast."""
    if float in set(map(type, values)):
        raise TypeError("A float is not exact: give a Decimal or a Fraction.")
    ratios = [value.as_integer_ratio() for value in values]
    unit = lcm(*{ratio[1] for ratio in ratios})
    if unit == 1:
        return [ratio[0] for ratio in ratios], 1
    return [numerator * (unit // denominator) for numerator, denominator in ratios], unit
