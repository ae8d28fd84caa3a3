"""What the pages of security hold."""

from faraday_app.security.state.alerting import AlertingState
from faraday_app.security.state.audit import AuditState, EventState
from faraday_app.security.state.centre import AlertsState, CentreState
from faraday_app.security.state.incidents import IncidentsState, IncidentState
from faraday_app.security.state.keys import KeysState
from faraday_app.security.state.open_sessions import EndSessionState, OpenSessionsState

__all__ = [
    "AlertingState",
    "AlertsState",
    "AuditState",
    "CentreState",
    "EndSessionState",
    "EventState",
    "IncidentState",
    "IncidentsState",
    "KeysState",
    "OpenSessionsState",
]
