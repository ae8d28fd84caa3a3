"""Rosters, for whoever brings them in."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.rosters import (
    apply_dialog,
    export_form,
    looked_at,
    past_imports,
    send_form,
    take_back_dialog,
)
from faraday_app.classes.state.rosters import RostersState
from faraday_app.core.permissions import Permission

NAV = ui.Nav("rosters", "Rosters", "file_up", section="Administration", order=15)


@ui.page("/rosters", "Rosters", Permission.rosters_manage, nav=NAV, on_load=[RostersState.enter])
def rosters_page() -> rx.Component:
    header = ui.header(
        "Rosters", rx.el.span("Classes, people and grades from your school’s own system", class_name="desk-only")
    )
    forms = rx.el.div(send_form(), export_form(), class_name="tiles")
    past = rx.el.section(rx.el.h2("History"), past_imports(), class_name="stack")
    dialogs = rx.fragment(apply_dialog(), take_back_dialog())
    return ui.list_page(header, forms, rx.el.div(looked_at(), past, class_name="stack"), dialogs)
