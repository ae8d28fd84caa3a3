"""The tables of security."""

from faraday_app.security.models import personal as personal
from faraday_app.security.models.addresses import AddressPolicy, AddressRule
from faraday_app.security.models.alerts import AlertLook, SecurityAlert, SecuritySettings
from faraday_app.security.models.api_keys import ApiKey, ApiKeySpending
from faraday_app.security.models.attempts import SignInFailures
from faraday_app.security.models.audit import AuditBlock, AuditEvent, AuditRoot, AuditSeal, AuditSearch, RecordView
from faraday_app.security.models.devices import Device
from faraday_app.security.models.incidents import Incident, IncidentNote, IncidentStatus
from faraday_app.security.models.limits import RateLimitOverride
from faraday_app.security.models.sessions import Session
from faraday_app.security.models.tickets import Challenge, SignInTicket

__all__ = [
    "AddressPolicy",
    "AddressRule",
    "AlertLook",
    "ApiKey",
    "ApiKeySpending",
    "AuditBlock",
    "AuditEvent",
    "AuditRoot",
    "AuditSeal",
    "AuditSearch",
    "Challenge",
    "Device",
    "Incident",
    "IncidentNote",
    "IncidentStatus",
    "RateLimitOverride",
    "RecordView",
    "SecurityAlert",
    "SecuritySettings",
    "Session",
    "SignInFailures",
    "SignInTicket",
]
