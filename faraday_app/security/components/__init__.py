"""The parts of the pages of security."""

from faraday_app.security.components.addresses import address_lead, blocks_table, only_section, rule_dialog, rules_table
from faraday_app.security.components.audit import audit_filters, audit_table, event_dialog
from faraday_app.security.components.encryption import (
    encryption_dialogs,
    encryption_lead,
    encryption_table,
    erase_section,
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

__all__ = [
    "adaptations",
    "address_lead",
    "audit_filters",
    "audit_table",
    "blocks_table",
    "encryption_dialogs",
    "encryption_lead",
    "encryption_table",
    "erase_section",
    "event_dialog",
    "key_dialogs",
    "key_lists",
    "limits_status",
    "only_section",
    "override_dialog",
    "overrides_table",
    "policies_table",
    "rule_dialog",
    "rules_table",
    "simulation",
]
