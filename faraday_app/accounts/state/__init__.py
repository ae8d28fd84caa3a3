"""Where the events of a person's own page come in."""

from faraday_app.accounts.state.passkeys import PasskeysState
from faraday_app.accounts.state.two_factor import TwoFactorState

__all__ = ["PasskeysState", "TwoFactorState"]
