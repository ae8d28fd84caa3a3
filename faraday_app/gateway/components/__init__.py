"""The parts of the pages of models, providers and routing."""

from faraday_app.gateway.components.model_form import model_form_dialog
from faraday_app.gateway.components.models import model_dialog, model_filters, models_table
from faraday_app.gateway.components.providers import provider_dialogs, providers_table
from faraday_app.gateway.components.routing import policy_form, receipt_dialog, receipts_section
from faraday_app.gateway.components.trials import drill_dialog, drills_section, learned_section, replay_section

__all__ = [
    "drill_dialog",
    "drills_section",
    "learned_section",
    "model_dialog",
    "model_filters",
    "model_form_dialog",
    "models_table",
    "policy_form",
    "provider_dialogs",
    "providers_table",
    "receipt_dialog",
    "receipts_section",
    "replay_section",
]
