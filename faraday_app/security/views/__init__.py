"""What the browser may know of security."""

from faraday_app.security.views.addresses import BlockView, RuleView
from faraday_app.security.views.audit import EventView, action_words, actions_meant, detail_lines, target_words
from faraday_app.security.views.keys import PERIODS, SCOPES, KeyView
from faraday_app.security.views.limits import AdaptationView, OverrideView, PolicyView, RefusedView

__all__ = [
    "PERIODS",
    "SCOPES",
    "AdaptationView",
    "BlockView",
    "EventView",
    "KeyView",
    "OverrideView",
    "PolicyView",
    "RefusedView",
    "RuleView",
    "action_words",
    "actions_meant",
    "detail_lines",
    "target_words",
]
