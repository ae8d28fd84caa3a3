"""What the pages of security hold."""

from faraday_app.security.state.addresses import AddressesState, RuleState
from faraday_app.security.state.addresses_for_all import AllAddressesState, RuleForAllState
from faraday_app.security.state.alerting import AlertingState
from faraday_app.security.state.all_keys import AllKeysState
from faraday_app.security.state.audit import AuditState
from faraday_app.security.state.audit_event import EventState
from faraday_app.security.state.audit_page import AuditPageState
from faraday_app.security.state.audit_proof import AuditProofState
from faraday_app.security.state.audit_searches import AuditSearchesState
from faraday_app.security.state.centre import AlertsState, CentreState
from faraday_app.security.state.encryption import EncryptionState
from faraday_app.security.state.incidents import IncidentsState, IncidentState
from faraday_app.security.state.key_acts import KeyActsState
from faraday_app.security.state.keys import KeysState
from faraday_app.security.state.limits import LimitsState, OverrideState
from faraday_app.security.state.open_sessions import EndSessionState, OpenSessionsState
from faraday_app.security.state.simulation import SimulationState

__all__ = [
    "AddressesState",
    "AlertingState",
    "AlertsState",
    "AllAddressesState",
    "AllKeysState",
    "AuditPageState",
    "AuditProofState",
    "AuditSearchesState",
    "AuditState",
    "CentreState",
    "EncryptionState",
    "EndSessionState",
    "EventState",
    "IncidentState",
    "IncidentsState",
    "KeyActsState",
    "KeysState",
    "LimitsState",
    "OpenSessionsState",
    "OverrideState",
    "RuleForAllState",
    "RuleState",
    "SimulationState",
]
