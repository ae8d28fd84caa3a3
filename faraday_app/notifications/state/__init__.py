"""What the bell and the page of notifications hold."""

from faraday_app.notifications.state.bell import BellState
from faraday_app.notifications.state.inbox import InboxState

__all__ = ["BellState", "InboxState"]
