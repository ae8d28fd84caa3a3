"""The list of one's classes."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.listing import class_filters, class_table, new_class_button, new_class_dialog
from faraday_app.classes.state import ClassesState
from faraday_app.core.permissions import Permission

NAV = ui.Nav("classes", "Classes", "users_round", section="Classroom", order=10, phone=True)


@ui.page("/classes", "Classes", Permission.classes_read, nav=NAV, on_load=[ClassesState.enter])
def classes_page() -> rx.Component:
    return ui.list_page(
        ui.header("Classes", actions=[new_class_button()]), class_filters(), class_table(), new_class_dialog()
    )
