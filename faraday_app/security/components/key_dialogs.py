"""The dialogs on the page of API keys."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.security.state import KeyActsState, KeysState
from faraday_app.security.state.key_acts import GRACES
from faraday_app.security.state.keys import field_of
from faraday_app.security.views import PERIODS, SCOPES

_EXPIRY = [("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year")]


def key_dialogs() -> rx.Component:
    return rx.fragment(_create(), _details(), _rotate(), _revoke())


def _create() -> rx.Component:
    return ui.dialog(
        rx.cond(KeysState.secret, "Your new key", "Create an API key"),
        rx.cond(
            KeysState.secret,
            "Send it as a bearer token: “Authorization: Bearer …”.",
            "It acts for you, within the scopes you choose and never beyond your own rights.",
        ),
        rx.cond(KeysState.secret, _secret(KeysState.secret, KeysState.set_creating(False)), _create_form()),
        open=KeysState.creating,
        on_open_change=KeysState.set_creating,
    )


def _details() -> rx.Component:
    def line(pair: rx.Var[tuple[str, str]]) -> rx.Component:
        return rx.fragment(rx.el.dt(pair[0], class_name="muted"), rx.el.dd(pair[1]))

    return ui.dialog(
        KeyActsState.name,
        "What this key may do, and what became of it.",
        rx.el.dl(rx.foreach(KeyActsState.lines, line), class_name="facts"),
        open=KeyActsState.detailed,
        on_open_change=KeyActsState.set_detailed,
        width="520px",
    )


def _rotate() -> rx.Component:
    form = rx.el.form(
        ui.select_field("key_grace", "The old key works for", list(GRACES.items()), default_value="24"),
        rx.el.div(ui.primary_button("Rotate key", type="submit"), class_name="dialog-foot"),
        on_submit=KeyActsState.rotate,
        class_name="stack",
    )
    return ui.dialog(
        rx.cond(KeyActsState.secret, "The new key", "Rotate “" + KeyActsState.name + "”"),
        "Programs get a new key with the same name, scopes and restrictions; its time begins again.",
        rx.cond(KeyActsState.secret, _secret(KeyActsState.secret, KeyActsState.set_rotating(False), "rotated"), form),
        open=KeyActsState.rotating,
        on_open_change=KeyActsState.set_rotating,
    )


def _revoke() -> rx.Component:
    return ui.confirm_dialog(
        "Revoke “" + KeyActsState.name + "”?",
        "Programs that use this key, and keys made with it, are refused from now on. This cannot be taken back.",
        open=KeyActsState.revoking,
        on_open_change=KeyActsState.set_revoking,
        confirm="Revoke",
        on_confirm=KeyActsState.revoke,
    )


def _create_form() -> rx.Component:
    name = ui.text_field(
        "key_name",
        "Name",
        error=KeysState.name_error,
        help="What it is for, such as “Timetable import”.",
        auto_complete="off",
        auto_focus=True,
        max_length=80,
    )
    return rx.el.form(
        name,
        _scope_fields(),
        ui.select_field("key_days", "Expires", _EXPIRY, default_value="90"),
        _restrictions(),
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
    return _group("The key may", *boxes, rx.cond(KeysState.scopes_error, fault, rx.fragment()))


def _restrictions() -> rx.Component:
    """Folded: most keys need none of it."""
    models = rx.foreach(KeysState.models, lambda name: ui.check_field("model_" + name, name))
    budget = ui.text_field("key_budget", "Budget in credits", input_mode="decimal", auto_complete="off", max_length=16)
    period = ui.select_field("key_period", "Budget for", _periods(), default_value="month")
    limit = ui.text_field("key_limit", "Requests a minute", input_mode="numeric", auto_complete="off", max_length=6)
    burst = ui.text_field("key_burst", "At once", input_mode="numeric", auto_complete="off", max_length=6)
    return ui.fold(
        "Restrictions",
        ui.textarea_field(
            "key_addresses",
            "Works only from",
            help="Addresses or networks, such as 203.0.113.0/24 or 2001:db8::/32. Empty: from anywhere.",
            rows="2",
        ),
        _group("Only these models (none ticked: any)", models),
        rx.el.div(budget, period, class_name="pair"),
        rx.el.div(limit, burst, class_name="pair"),
    )


def _periods() -> list[tuple[str, str]]:
    return [(period.value, words) for period, words in PERIODS.items()]


def _group(legend: str, *fields: rx.Component) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="strong", style={"padding": "0", "marginBottom": "8px"}),
        *fields,
        class_name="field",
        style={"border": "0", "margin": "0", "padding": "0", "gap": "8px"},
    )


def _secret(secret: rx.Var[str], done: Any, name: str = "key") -> rx.Component:
    field = rx.el.div(
        rx.el.input(id=f"{name}_secret", value=secret, read_only=True, class_name="input"),
        ui.copy_button(secret, "Copy key"),
        class_name="row",
    )
    foot = rx.el.div(ui.primary_button("Done", on_click=done), class_name="dialog-foot")
    warning = ui.callout("It is shown only now: copy it before you close this.", "amber")
    return rx.el.div(ui.form_field(f"{name}_secret", "API key", field), warning, foot, class_name="stack")
