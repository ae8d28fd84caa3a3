"""What a person's own page holds."""

from faraday_app.accounts.state.devices import DevicesState
from faraday_app.accounts.state.passkeys import PasskeysState
from faraday_app.accounts.state.two_factor import TwoFactorState

__all__ = ["DevicesState", "PasskeysState", "TwoFactorState"]
