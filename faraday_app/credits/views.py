"""How credits are written; the arithmetic is `core.money`, since keys have budgets too."""

from faraday_app.core.money import CREDIT, MOST, amount_text, balance_text, credits_text, parse_credits

__all__ = ["CREDIT", "MOST", "amount_text", "balance_text", "credits_text", "parse_credits"]
