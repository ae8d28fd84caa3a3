"""What other domains ask of security."""

from faraday_app.security.service import api_keys, attempts, audit, devices, sessions
from faraday_app.security.service.audit import record

__all__ = ["api_keys", "attempts", "audit", "devices", "record", "sessions"]
