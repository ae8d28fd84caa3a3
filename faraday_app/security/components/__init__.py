"""The parts of the pages of security."""

from faraday_app.security.components.audit import audit_filters, audit_table, event_dialog
from faraday_app.security.components.encryption import (
    encryption_dialogs,
    encryption_lead,
    encryption_table,
    erase_section,
)
from faraday_app.security.components.key_dialogs import key_dialogs
from faraday_app.security.components.keys import key_lists

__all__ = [
    "audit_filters",
    "audit_table",
    "encryption_dialogs",
    "encryption_lead",
    "encryption_table",
    "erase_section",
    "event_dialog",
    "key_dialogs",
    "key_lists",
]
