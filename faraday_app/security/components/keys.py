"""The parts of the page of API keys."""

import reflex as rx

from faraday_app import ui
from faraday_app.security.state import KeysState
from faraday_app.security.state.keys import field_of
from faraday_app.security.views import SCOPES, KeyView

_EXPIRY = [("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year")]


def keys_table() -> rx.Component:
    create = ui.secondary_button("Create a key", icon="plus", on_click=KeysState.set_creating(True))
    return ui.data_table(
        "API keys",
        [
            ui.Column("Name", lambda row: ui.row_item(row.name, rx.el.code(row.prefix)), width="26%"),
            ui.Column("May", _scopes),
            ui.Column("Last used", lambda row: rx.el.span(row.used, class_name="muted")),
            ui.Column("Expires", _expiry),
        ],
        KeysState.rows,
        empty=ui.Empty(
            "key_round", "You have no API keys", "A key lets a program of yours do here what you may do.", create
        ),
        loading=KeysState.loading,
        error=KeysState.error,
        retry=KeysState.refresh,
        menu=_revoke,
    )


def _scopes(row: KeyView) -> rx.Component:
    return rx.el.span(rx.foreach(row.scopes, _scope), class_name="row", style={"flexWrap": "wrap", "gap": "4px"})


def _scope(words: rx.Var[str]) -> rx.Component:
    return ui.badge(words)


def _expiry(row: KeyView) -> rx.Component:
    return rx.cond(row.expired, ui.badge("Expired", "amber"), rx.el.span(row.expires, class_name="num"))


def _revoke(row: KeyView) -> rx.Component:
    return ui.icon_button("Revoke " + row.name, "trash_2", size="small", on_click=KeysState.ask_revoke(row.id))


def key_dialogs() -> rx.Component:
    create = ui.dialog(
        rx.cond(KeysState.secret, "Your new key", "Create an API key"),
        rx.cond(
            KeysState.secret,
            "Send it as a bearer token: “Authorization: Bearer …”.",
            "It acts for you, within the scopes you choose and never beyond your own rights.",
        ),
        rx.cond(KeysState.secret, _secret(), _create_form()),
        open=KeysState.creating,
        on_open_change=KeysState.set_creating,
    )
    revoke = ui.confirm_dialog(
        "Revoke “" + KeysState.revoked + "”?",
        "Programs that use this key are refused from now on. This cannot be taken back.",
        open=KeysState.revoking,
        on_open_change=KeysState.set_revoking,
        confirm="Revoke",
        on_confirm=KeysState.revoke,
    )
    return rx.fragment(create, revoke)


def _create_form() -> rx.Component:
    return rx.el.form(
        ui.text_field(
            "key_name",
            "Name",
            error=KeysState.name_error,
            help="What it is for, such as “Timetable import”.",
            auto_complete="off",
            auto_focus=True,
            max_length=80,
        ),
        _scope_fields(),
        ui.select_field("key_days", "Expires", _EXPIRY, default_value="90"),
        rx.cond(KeysState.problem, rx.el.div(ui.callout(KeysState.problem, "red"), role="alert"), rx.fragment()),
        rx.el.div(ui.primary_button("Create key", type="submit"), class_name="dialog-foot"),
        on_submit=KeysState.create,
        class_name="stack",
    )


def _scope_fields() -> rx.Component:
    boxes = [
        rx.cond(ui.allowed(scope), ui.check_field(field_of(scope), words), rx.fragment())
        for scope, words in SCOPES.items()
    ]
    fault = rx.el.p(rx.icon("circle_alert", size=14), KeysState.scopes_error, class_name="error", role="alert")
    return rx.el.fieldset(
        rx.el.legend("The key may", class_name="strong", style={"padding": "0", "marginBottom": "8px"}),
        *boxes,
        rx.cond(KeysState.scopes_error, fault, rx.fragment()),
        class_name="field",
        style={"border": "0", "margin": "0", "padding": "0", "gap": "8px"},
    )


def _secret() -> rx.Component:
    field = rx.el.div(
        rx.el.input(id="key_secret", value=KeysState.secret, read_only=True, class_name="input"),
        ui.copy_button(KeysState.secret, "Copy key"),
        class_name="row",
    )
    foot = rx.el.div(ui.primary_button("Done", on_click=KeysState.set_creating(False)), class_name="dialog-foot")
    warning = ui.callout("It is shown only now: copy it before you close this.", "amber")
    return rx.el.div(ui.form_field("key_secret", "API key", field), warning, foot, class_name="stack")
