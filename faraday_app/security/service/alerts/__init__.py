"""Alerts: what is looked for, what was found, and who was told."""

from faraday_app.security.service.alerts.detectors import DETECTORS, EXPORTS, WATCHED
from faraday_app.security.service.alerts.listing import get_alert, list_alerts
from faraday_app.security.service.alerts.pending import waiting
from faraday_app.security.service.alerts.raising import CATCH_UP, LATE, LOOK_BACK, raise_alerts

__all__ = [
    "CATCH_UP",
    "DETECTORS",
    "EXPORTS",
    "LATE",
    "LOOK_BACK",
    "WATCHED",
    "get_alert",
    "list_alerts",
    "raise_alerts",
    "waiting",
]
