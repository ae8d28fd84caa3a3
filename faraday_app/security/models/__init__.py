"""The tables of security."""

from faraday_app.security.models.alerts import SecurityAlert, SecuritySettings
from faraday_app.security.models.api_keys import ApiKey
from faraday_app.security.models.attempts import SignInFailures
from faraday_app.security.models.audit import AuditEvent
from faraday_app.security.models.incidents import Incident, IncidentNote, IncidentStatus
from faraday_app.security.models.sessions import Session

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Incident",
    "IncidentNote",
    "IncidentStatus",
    "SecurityAlert",
    "SecuritySettings",
    "Session",
    "SignInFailures",
]
