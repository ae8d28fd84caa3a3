"""The parts of the pages of materials."""

from faraday_app.coursework.components.materials.attached import attach_dialog, attached
from faraday_app.coursework.components.materials.editor import editor_dialog
from faraday_app.coursework.components.materials.mine import mine_filters, mine_table
from faraday_app.coursework.components.materials.preview import material_dialog
from faraday_app.coursework.components.materials.shelf import library, library_filters, library_header

__all__ = [
    "attach_dialog",
    "attached",
    "editor_dialog",
    "library",
    "library_filters",
    "library_header",
    "material_dialog",
    "mine_filters",
    "mine_table",
]
