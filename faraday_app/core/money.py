"""How credits are written. 1 credit = 1,000,000 micro-credits; exact, never a float."""

from decimal import ROUND_DOWN, Decimal

from faraday_app.core.errors import Invalid

CREDIT = 1_000_000  # micro-credits
MOST = 1_000_000_000 * CREDIT  # in one movement

_WHOLE, _CENT, _MICRO = Decimal(1), Decimal("0.01"), Decimal("0.000001")


def credits_text(micro: int) -> str:
    """Micro-credits as people read them: 12,480, or 0.42 below ten. Rounded towards zero: never more than there is."""
    return _written(micro, _CENT if abs(micro) < 10 * CREDIT else _WHOLE) if micro else "0"


def amount_text(micro: int) -> str:
    """A line of a statement: signed, with two decimals, so that the lines add up: +1,000.00, −0.42."""
    return ("+" if micro > 0 else "") + balance_text(micro)


def balance_text(micro: int) -> str:
    """A balance beside statement lines, with two decimals."""
    return _written(micro, _CENT)


def parse_credits(text: str) -> int:
    """Micro-credits of an amount that somebody typed, such as 1,000 or 2.5."""
    try:
        amount = Decimal(text.strip().replace(",", "").replace(" ", ""))
        micro = amount * CREDIT
    except ArithmeticError:
        raise Invalid("Enter an amount such as 500 or 2.5.", field="amount") from None
    if not amount.is_finite() or not 0 < micro <= MOST:
        raise Invalid("Enter an amount above 0 and up to 1,000,000,000 credits.", field="amount")
    if amount != amount.quantize(_CENT, ROUND_DOWN):
        raise Invalid("Enter an amount with at most two decimals.", field="amount")
    return int(micro)


def _written(micro: int, step: Decimal) -> str:
    amount = abs(Decimal(micro) / CREDIT)
    if amount and amount < _CENT:
        step = max(_MICRO, Decimal(1).scaleb(amount.adjusted()))
    return ("−" if micro < 0 else "") + f"{amount.quantize(step, ROUND_DOWN):,f}"
