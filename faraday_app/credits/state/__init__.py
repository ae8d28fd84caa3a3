"""What the pages show of credits: one small state each for badge, tiles, statement, chart and dialog."""

from faraday_app.credits.state.balance import BalanceState, CreditsState
from faraday_app.credits.state.granting import GrantState, PersonView
from faraday_app.credits.state.statement import LineView, StatementState
from faraday_app.credits.state.usage import DayView, UsageState

__all__ = [
    "BalanceState",
    "CreditsState",
    "DayView",
    "GrantState",
    "LineView",
    "PersonView",
    "StatementState",
    "UsageState",
]
