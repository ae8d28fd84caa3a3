"""Alerts: what is looked for, what was found, and who was told."""

from faraday_app.security.service.alerts.detectors import DETECTORS, EXPORTS, WATCHED
from faraday_app.security.service.alerts.listing import get_alert, list_alerts
from faraday_app.security.service.alerts.raising import CATCH_UP, LOOK_BACK, active_organizations, raise_alerts

__all__ = [
    "CATCH_UP",
    "DETECTORS",
    "EXPORTS",
    "LOOK_BACK",
    "WATCHED",
    "active_organizations",
    "get_alert",
    "list_alerts",
    "raise_alerts",
]
