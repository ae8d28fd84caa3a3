"""The tables of security."""

from faraday_app.security.models.api_keys import ApiKey
from faraday_app.security.models.attempts import SignInFailures
from faraday_app.security.models.audit import AuditEvent
from faraday_app.security.models.sessions import Session
from faraday_app.security.models.tickets import Challenge, SignInTicket

__all__ = ["ApiKey", "AuditEvent", "Challenge", "Session", "SignInFailures", "SignInTicket"]
