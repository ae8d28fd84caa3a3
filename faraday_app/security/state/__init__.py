"""What the audit page and the page of API keys hold."""

from faraday_app.security.state.audit import AuditState, EventState
from faraday_app.security.state.keys import KeysState

__all__ = ["AuditState", "EventState", "KeysState"]
