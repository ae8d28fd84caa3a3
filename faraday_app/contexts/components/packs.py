"""Bring in a GPT that somebody packed, here or elsewhere."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.state import PacksState
from faraday_app.contexts.state.packs import FIELD


def pack_dialog() -> rx.Component:
    field = ui.form_field(
        FIELD,
        "Pack",
        rx.el.input(type="file", id=FIELD, accept=".zip", class_name="input"),
        help="A .pack.zip file that was exported from Faraday. Its signature is checked.",
    )
    elsewhere = ui.callout(PacksState.problem, "amber")
    wrong = ui.callout(PacksState.problem, "red")
    told = rx.el.div(rx.cond(PacksState.elsewhere, elsewhere, wrong), role="alert")
    act = rx.cond(
        PacksState.elsewhere,
        ui.primary_button("Bring it in all the same", busy=PacksState.busy, on_click=PacksState.send(True)),
        ui.primary_button("Bring it in", busy=PacksState.busy, on_click=PacksState.send(False)),
    )
    return ui.dialog(
        "Bring in a pack",
        "It becomes a GPT of yours. It is shared with nobody, and gains no rights by where it comes from.",
        field,
        rx.cond(PacksState.problem, told, rx.fragment()),
        open=PacksState.open,
        on_open_change=PacksState.set_open,
        actions=[ui.secondary_button("Cancel", on_click=PacksState.set_open(False)), act],
    )
