"""What the browser may know of security."""

from faraday_app.security.views.audit import EventView, action_words, actions_meant, detail_lines, target_words
from faraday_app.security.views.keys import PERIODS, SCOPES, KeyView

__all__ = [
    "PERIODS",
    "SCOPES",
    "EventView",
    "KeyView",
    "action_words",
    "actions_meant",
    "detail_lines",
    "target_words",
]
