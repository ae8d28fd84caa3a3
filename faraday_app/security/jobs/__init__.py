"""What security looks after in the background."""

from faraday_app.security.jobs import alerts, audit, keys, sessions
from faraday_app.security.jobs.alerts import alert_when_told
from faraday_app.security.jobs.audit import seal_when_told

BLUEPRINTS = {
    "alerts": alerts.blueprint,
    "audit": audit.blueprint,
    "security": keys.blueprint,
    "sessions": sessions.blueprint,
}

__all__ = ["BLUEPRINTS", "alert_when_told", "seal_when_told"]
