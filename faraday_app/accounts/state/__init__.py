"""What a person's own page holds."""

from faraday_app.accounts.state.devices import DevicesState

__all__ = ["DevicesState"]
