"""What the pages of security hold."""

from faraday_app.security.state.all_keys import AllKeysState
from faraday_app.security.state.audit import AuditState, EventState
from faraday_app.security.state.encryption import EncryptionState
from faraday_app.security.state.key_acts import KeyActsState
from faraday_app.security.state.keys import KeysState

__all__ = ["AllKeysState", "AuditState", "EncryptionState", "EventState", "KeyActsState", "KeysState"]
