"""What the browser may know of security."""

from faraday_app.security.views.addresses import BlockView, RuleView
from faraday_app.security.views.audit import EventView, action_words, actions_meant, detail_lines, target_words
from faraday_app.security.views.centre import (
    SEVERITIES,
    STATUSES,
    AlertView,
    CountryView,
    FindingView,
    GuardianView,
    IncidentView,
    KeyAgeView,
    MomentView,
    OpenSessionView,
    TriedView,
    country_views,
    device_words,
)
from faraday_app.security.views.keys import PERIODS, SCOPES, KeyView
from faraday_app.security.views.limits import AdaptationView, OverrideView, PolicyView, RefusedView
from faraday_app.security.views.sessions import SessionView, method_words, session_view

__all__ = [
    "PERIODS",
    "SCOPES",
    "SEVERITIES",
    "STATUSES",
    "AdaptationView",
    "AlertView",
    "BlockView",
    "CountryView",
    "EventView",
    "FindingView",
    "GuardianView",
    "IncidentView",
    "KeyAgeView",
    "KeyView",
    "MomentView",
    "OpenSessionView",
    "OverrideView",
    "PolicyView",
    "RefusedView",
    "RuleView",
    "SessionView",
    "TriedView",
    "action_words",
    "actions_meant",
    "country_views",
    "detail_lines",
    "device_words",
    "method_words",
    "session_view",
    "target_words",
]
