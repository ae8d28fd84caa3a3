"""The parts of the pages of privacy."""

from faraday_app.privacy.components.privacy import erase_dialog, erasures_table, retention_dialog, retention_lead
from faraday_app.privacy.components.records import looks_table, records_filters, records_lead

__all__ = [
    "erase_dialog",
    "erasures_table",
    "looks_table",
    "records_filters",
    "records_lead",
    "retention_dialog",
    "retention_lead",
]
