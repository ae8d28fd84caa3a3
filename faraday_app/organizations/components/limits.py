"""Under which conditions, and until when, a rule holds."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.authorization import DAYS
from faraday_app.organizations.state.rule_editing import RuleEditing

_THINGS = [
    ("own_department", "Only in their own department"),
    ("own_class", "Only in their own classes"),
    ("own_child", "Only about their own children"),
]


def limits_dialog(state: type[RuleEditing]) -> rx.Component:
    return ui.dialog(
        state.limited,
        "All of these must hold. Leave everything empty for: always.",
        _form(state),
        open=state.limiting,
        on_open_change=state.set_limiting,
    )


def _form(state: type[RuleEditing]) -> rx.Component:
    problem = rx.el.div(ui.callout(state.limits_error, "red"), role="alert")
    return rx.el.form(
        *[ui.check_field(name, label, default_checked=_ticked(state, name)) for name, label in _THINGS],
        _hours(state),
        ui.textarea_field(
            "addresses",
            "Only from these addresses",
            help="Such as 192.0.2.0/24, one a line.",
            default_value=state.limits["addresses"],
            rows="2",
        ),
        ui.text_field(
            "expires_at", "Until", type="datetime-local", default_value=state.limits["expires_at"],
            help="Empty: for good.",
        ),
        rx.cond(state.limits_error, problem, rx.fragment()),
        rx.el.div(ui.primary_button("Apply", type="submit"), class_name="dialog-foot"),
        on_submit=state.save_limits,
        class_name="stack",
    )  # fmt: skip


def _hours(state: type[RuleEditing]) -> rx.Component:
    days = [
        ui.check_field(f"day_{day.lower()}", day[:3], default_checked=_ticked(state, str(number)))
        for number, day in enumerate(DAYS)
    ]
    times = rx.el.div(
        ui.text_field("start", "From", type="time", default_value=state.limits["start"]),
        ui.text_field("end", "To", type="time", default_value=state.limits["end"]),
        class_name="row",
    )
    return rx.el.fieldset(
        rx.el.legend("Only on these days, in the organisation’s time", class_name="strong"),
        rx.el.div(*days, class_name="row days"),
        times,
        class_name="field bare-set",
    )


def _ticked(state: type[RuleEditing], name: str) -> object:
    return state.limits[name] == "yes"
