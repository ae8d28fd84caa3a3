"""Guardians and their children."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.guardians import guardian_filters, guardian_table, linking_dialogs
from faraday_app.classes.state.guardians import GuardiansState, LinkingState
from faraday_app.core.permissions import Permission

NAV = ui.Nav("guardians", "Guardians", "heart_handshake", section="Administration", order=11)


@ui.page("/guardians", "Guardians", Permission.guardians_manage, nav=NAV, on_load=[GuardiansState.enter])
def guardians_page() -> rx.Component:
    link = ui.primary_button("Link a guardian", icon="plus", on_click=LinkingState.set_open(True))
    return ui.list_page(ui.header("Guardians", actions=[link]), guardian_filters(), guardian_table(), linking_dialogs())
