"""What other domains ask of security."""

from faraday_app.security.service import api_keys, attempts, audit, challenges, sessions, tickets
from faraday_app.security.service.audit import record

__all__ = ["api_keys", "attempts", "audit", "challenges", "record", "sessions", "tickets"]
