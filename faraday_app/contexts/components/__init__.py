"""What the assistant's pages are made of."""

from faraday_app.contexts.components.backups import backups_dialogs, backups_lead, backups_table
from faraday_app.contexts.components.composer import composer
from faraday_app.contexts.components.data_dialog import data_dialog
from faraday_app.contexts.components.gpts import gpt_dialog, gpts_filters, gpts_table
from faraday_app.contexts.components.history import history_of_gpt
from faraday_app.contexts.components.importing import import_dialog
from faraday_app.contexts.components.inspector import inspector
from faraday_app.contexts.components.listing import listing
from faraday_app.contexts.components.memory import memories_filters, memories_table, memory_dialog
from faraday_app.contexts.components.merging import conflict_dialog
from faraday_app.contexts.components.packs import export_dialog, pack_dialog
from faraday_app.contexts.components.preferences import own_answers
from faraday_app.contexts.components.shares import shares_dialog
from faraday_app.contexts.components.sharing import here_now, share_dialog
from faraday_app.contexts.components.template import field_dialog, template_body, template_side
from faraday_app.contexts.components.templates import templates_filters, templates_import, templates_table
from faraday_app.contexts.components.thread import thread
from faraday_app.contexts.components.use import use_figures, use_filters, use_table
from faraday_app.contexts.components.why import why_dialog

__all__ = [
    "backups_dialogs",
    "backups_lead",
    "backups_table",
    "composer",
    "conflict_dialog",
    "data_dialog",
    "export_dialog",
    "field_dialog",
    "gpt_dialog",
    "gpts_filters",
    "gpts_table",
    "here_now",
    "history_of_gpt",
    "import_dialog",
    "inspector",
    "listing",
    "memories_filters",
    "memories_table",
    "memory_dialog",
    "own_answers",
    "pack_dialog",
    "share_dialog",
    "shares_dialog",
    "template_body",
    "template_side",
    "templates_filters",
    "templates_import",
    "templates_table",
    "thread",
    "use_figures",
    "use_filters",
    "use_table",
    "why_dialog",
]
