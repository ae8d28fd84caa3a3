"""What other domains ask of security."""

from faraday_app.security.service import api_keys, attempts, audit, encryption, sessions
from faraday_app.security.service.audit import record
from faraday_app.security.service.refusals import keep_refusal

__all__ = ["api_keys", "attempts", "audit", "encryption", "keep_refusal", "record", "sessions"]
