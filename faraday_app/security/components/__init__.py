"""The parts of the pages of security."""

from faraday_app.security.components.addresses import (
    address_lead,
    blocks_table,
    lead_for_all,
    only_section,
    rule_dialog,
    rules_table,
)
from faraday_app.security.components.alerting import alerting_dialog
from faraday_app.security.components.audit import audit_table
from faraday_app.security.components.audit_event import event_dialog
from faraday_app.security.components.audit_filters import audit_filters
from faraday_app.security.components.audit_proof import audit_proof
from faraday_app.security.components.encryption import (
    encryption_dialogs,
    encryption_lead,
    encryption_table,
    erase_section,
)
from faraday_app.security.components.incidents import (
    incident_filters,
    incident_panel,
    incident_timeline,
    incidents_table,
    note_form,
)
from faraday_app.security.components.key_dialogs import key_dialogs
from faraday_app.security.components.keys import key_lists
from faraday_app.security.components.limits import (
    adaptations,
    limits_status,
    override_dialog,
    overrides_table,
    policies_table,
    simulation,
)
from faraday_app.security.components.open_sessions import end_session_dialog, sessions_table

__all__ = [
    "adaptations",
    "address_lead",
    "alerting_dialog",
    "audit_filters",
    "audit_proof",
    "audit_table",
    "blocks_table",
    "encryption_dialogs",
    "encryption_lead",
    "encryption_table",
    "end_session_dialog",
    "erase_section",
    "event_dialog",
    "incident_filters",
    "incident_panel",
    "incident_timeline",
    "incidents_table",
    "key_dialogs",
    "key_lists",
    "lead_for_all",
    "limits_status",
    "note_form",
    "only_section",
    "override_dialog",
    "overrides_table",
    "policies_table",
    "rule_dialog",
    "rules_table",
    "sessions_table",
    "simulation",
]
