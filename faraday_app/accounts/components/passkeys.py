"""A person's passkeys: the list of them, naming one, taking one away."""

import reflex as rx

from faraday_app import ui
from faraday_app.accounts.state import PasskeysState
from faraday_app.accounts.views import PasskeyView
from faraday_app.ui import browser


def passkey_rows() -> rx.Component:
    return rx.fragment(rx.foreach(PasskeysState.rows, _passkey))


def _passkey(row: PasskeyView) -> rx.Component:
    acts = ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Rename", PasskeysState.rename(row.id), "pencil"),
        ui.MenuItem("Remove", PasskeysState.ask_remove(row.id), "trash_2", danger=True),
    )
    return ui.row_item(row.name, row.terms, leading=rx.icon("key_round", size=18), trailing=acts, key=row.id)


def passkey_dialogs() -> rx.Component:
    named = rx.fragment(
        ui.text_field(
            "passkey_name",
            "Name",
            help="Such as “Laptop” or “Blue key”, to tell them apart.",
            default_value=PasskeysState.name,
            required=True,
            max_length=80,
            auto_complete="off",
            auto_focus=True,
        ),
        rx.cond(
            PasskeysState.problem, rx.el.div(ui.callout(PasskeysState.problem, "red"), role="alert"), rx.fragment()
        ),
        rx.el.div(
            ui.primary_button(rx.cond(PasskeysState.name, "Save", "Continue"), type="submit"),
            class_name="dialog-foot",
        ),
    )
    make = browser.asked("register", "passkey_form", then=PasskeysState.made)
    form = rx.cond(
        PasskeysState.name,
        rx.el.form(named, on_submit=PasskeysState.save, class_name="stack"),
        rx.el.form(named, id="passkey_form", on_submit=make, class_name="stack"),
    )
    naming = ui.dialog(
        rx.cond(PasskeysState.name, "Rename the passkey", "Add a passkey"),
        rx.cond(
            PasskeysState.name, "Only you see this name.", "Your browser then asks for your finger, face, PIN or key."
        ),
        form,
        open=PasskeysState.naming,
        on_open_change=PasskeysState.set_naming,
    )
    remove = ui.confirm_dialog(
        "Remove “" + PasskeysState.removed + "”?",
        "It no longer signs you in. Delete it on the device too, where it is kept.",
        open=PasskeysState.removing,
        on_open_change=PasskeysState.set_removing,
        confirm="Remove",
        on_confirm=PasskeysState.remove,
    )
    return rx.fragment(naming, remove)
