"""What the audit page and the page of API keys hold."""

from faraday_app.security.state.addresses import AddressesState, RuleState
from faraday_app.security.state.audit import AuditState, EventState
from faraday_app.security.state.keys import KeysState
from faraday_app.security.state.limits import LimitsState, OverrideState
from faraday_app.security.state.simulation import SimulationState

__all__ = [
    "AddressesState",
    "AuditState",
    "EventState",
    "KeysState",
    "LimitsState",
    "OverrideState",
    "RuleState",
    "SimulationState",
]
