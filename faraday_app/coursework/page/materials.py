"""What a class reads, watches and works with, and that of all one's classes."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.views import ClassPlace, register_place
from faraday_app.core.permissions import Permission
from faraday_app.coursework.components.materials import (
    editor_dialog,
    library,
    library_filters,
    library_header,
    material_dialog,
    mine_filters,
    mine_table,
)
from faraday_app.coursework.state.materials import MyMaterialsState, ShelfState

NAV = ui.Nav("materials", "Materials", "library", section="Classroom", order=40)
PLACE = ClassPlace("materials", "Materials", "library", "/class/materials", Permission.materials_read, 30)
register_place(PLACE)


@ui.page("/materials", "Materials", Permission.materials_read, nav=NAV, on_load=[MyMaterialsState.enter])
def materials() -> rx.Component:
    return ui.list_page(ui.header("Materials"), mine_filters(), mine_table(), material_dialog(), editor_dialog())


@ui.page(
    "/class/materials", "Materials of a class", Permission.materials_read, place="classes", on_load=[ShelfState.enter]
)
def class_materials() -> rx.Component:
    return ui.list_page(library_header(), library_filters(), library(), material_dialog(), editor_dialog())
