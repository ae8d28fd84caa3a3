"""The parts of the pages of security."""

from faraday_app.security.components.alerting import alerting_dialog
from faraday_app.security.components.audit import audit_filters, audit_table, event_dialog
from faraday_app.security.components.incidents import (
    incident_filters,
    incident_panel,
    incident_timeline,
    incidents_table,
    note_form,
)
from faraday_app.security.components.keys import key_dialogs, keys_table
from faraday_app.security.components.open_sessions import end_session_dialog, sessions_table

__all__ = [
    "alerting_dialog",
    "audit_filters",
    "audit_table",
    "end_session_dialog",
    "event_dialog",
    "incident_filters",
    "incident_panel",
    "incident_timeline",
    "incidents_table",
    "key_dialogs",
    "keys_table",
    "note_form",
    "sessions_table",
]
