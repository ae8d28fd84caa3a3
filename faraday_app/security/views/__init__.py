"""What the browser may know of security."""

from faraday_app.security.views.audit import EventView, action_words, actions_meant, detail_lines, target_words
from faraday_app.security.views.keys import SCOPES, KeyView
from faraday_app.security.views.sessions import SessionView, method_words, session_view

__all__ = [
    "SCOPES",
    "EventView",
    "KeyView",
    "SessionView",
    "action_words",
    "actions_meant",
    "detail_lines",
    "method_words",
    "session_view",
    "target_words",
]
