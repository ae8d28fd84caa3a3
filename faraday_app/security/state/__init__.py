"""What the pages of security hold."""

from faraday_app.security.state.addresses import AddressesState, RuleState
from faraday_app.security.state.all_keys import AllKeysState
from faraday_app.security.state.audit import AuditState, EventState
from faraday_app.security.state.encryption import EncryptionState
from faraday_app.security.state.key_acts import KeyActsState
from faraday_app.security.state.keys import KeysState
from faraday_app.security.state.limits import LimitsState, OverrideState
from faraday_app.security.state.simulation import SimulationState

__all__ = [
    "AddressesState",
    "AllKeysState",
    "AuditState",
    "EncryptionState",
    "EventState",
    "KeyActsState",
    "KeysState",
    "LimitsState",
    "OverrideState",
    "RuleState",
    "SimulationState",
]
