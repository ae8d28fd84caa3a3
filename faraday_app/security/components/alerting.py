"""The form in which people choose when they are alerted, and who."""

import reflex as rx

from faraday_app import ui
from faraday_app.security.service.alert_settings import BOUNDS
from faraday_app.security.state import AlertingState
from faraday_app.security.state.alerting import LABELS
from faraday_app.security.views import GuardianView


def alerting_dialog() -> rx.Component:
    return ui.dialog(
        "Alerts",
        "Urgent ones also go out by e-mail, where e-mail is set up.",
        _form(),
        open=AlertingState.open,
        on_open_change=AlertingState.set_open,
        width="560px",
    )


def _form() -> rx.Component:
    fault = rx.el.div(ui.callout(AlertingState.error, "red"), role="alert")
    fields = [
        ui.text_field(
            name,
            label,
            type="number",
            input_mode="numeric",
            min=BOUNDS[name][0],
            max=BOUNDS[name][1],
            default_value=AlertingState.values[name],
            required=True,
        )
        for name, label in LABELS.items()
    ]
    return rx.el.form(
        _people(),
        rx.el.div(*fields, class_name="pair"),
        rx.cond(AlertingState.error, fault, rx.fragment()),
        rx.el.div(ui.primary_button("Save", type="submit"), class_name="dialog-foot"),
        on_submit=AlertingState.save,
        class_name="stack",
    )


def _people() -> rx.Component:
    def person(item: GuardianView) -> rx.Component:
        return ui.filter_chip(
            item.name,
            on=item.chosen,
            on_click=AlertingState.toggle(item.id),
            leading=ui.avatar(item.initials, item.tone, size="small"),
        )

    return rx.el.fieldset(
        rx.el.legend("Who is told", class_name="strong", style={"padding": "0", "marginBottom": "4px"}),
        rx.el.p("Nobody chosen: everybody who may see this page.", class_name="meta"),
        rx.el.div(rx.foreach(AlertingState.people, person), class_name="row", style={"flexWrap": "wrap"}),
        class_name="field",
        style={"border": "0", "margin": "0", "padding": "0", "gap": "8px"},
    )
