"""What security looks after in the background."""

from faraday_app.security.jobs import alerts, keys, sessions
from faraday_app.security.jobs.alerts import alert_when_told

BLUEPRINTS = {"alerts": alerts.blueprint, "security": keys.blueprint, "sessions": sessions.blueprint}

__all__ = ["BLUEPRINTS", "alert_when_told"]
