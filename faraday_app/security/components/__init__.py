"""The parts of the pages of security."""

from faraday_app.security.components.audit import audit_filters, audit_table, event_dialog
from faraday_app.security.components.keys import key_dialogs, keys_table

__all__ = ["audit_filters", "audit_table", "event_dialog", "key_dialogs", "keys_table"]
