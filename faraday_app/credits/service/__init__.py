"""What other domains ask of credits. All amounts are whole micro-credits: 1 credit = 1,000,000."""

from faraday_app.credits.service.holds import hold, release, release_expired, settle
from faraday_app.credits.service.pool import grant, open_pool, pool_balance, provide
from faraday_app.credits.service.statements import PAGE, Balance, DayUsage, Line, balance, daily_usage, statement
from faraday_app.credits.service.together import Placed, hold_in, settle_in, spent_account, wallet
from faraday_app.credits.service.totals import Totals, totals

__all__ = [
    "PAGE",
    "Balance",
    "DayUsage",
    "Line",
    "Placed",
    "Totals",
    "balance",
    "daily_usage",
    "grant",
    "hold",
    "hold_in",
    "open_pool",
    "pool_balance",
    "provide",
    "release",
    "release_expired",
    "settle",
    "settle_in",
    "spent_account",
    "statement",
    "totals",
    "wallet",
]
