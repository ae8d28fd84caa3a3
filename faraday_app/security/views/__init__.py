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
    SessionView,
    TriedView,
    country_views,
    device_words,
)
from faraday_app.security.views.keys import PERIODS, SCOPES, KeyView
from faraday_app.security.views.limits import AdaptationView, OverrideView, PolicyView, RefusedView

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
    "target_words",
]
