"""The section about who needs a second factor, on the page of how people sign in."""

import reflex as rx

from faraday_app import ui
from faraday_app.organizations.state.sign_in_policy import SignInPolicyState as State

_CHOICES = [
    ("nobody", "Nobody"),
    ("administrators", "Administrators"),
    ("staff", "Staff: administrators, heads, teachers, aides"),
    ("everyone", "Everyone, students and parents too"),
]


def policy_section() -> rx.Component:
    fields = rx.el.div(
        ui.select_field("required_for", "Required for", _CHOICES, value=State.required, on_change=State.set_required),
        ui.text_field(
            "grace_days",
            "Days to set it up",
            error=State.grace_error,
            help="From today, and for whoever joins later from their first day. 0: at once.",
            value=State.grace,
            on_change=State.set_grace,
            input_mode="numeric",
        ),
        rx.cond(State.since, rx.el.p(State.since, class_name="meta"), rx.fragment()),
        rx.cond(State.error, rx.el.div(ui.callout(State.error, "red"), role="alert"), rx.fragment()),
        rx.el.p(
            "Who has none yet is in the column “Two-factor” of ",
            ui.link("People", to="/people"),
            ".",
            class_name="meta",
        ),
        class_name="stack",
    )
    return ui.form_section(
        "Two-factor authentication",
        "People who need a second factor and have none are led to their account page, and nothing else works for them.",
        rx.cond(State.loading, ui.skeleton_lines(3), fields),
    )


def policy_bar() -> rx.Component:
    return ui.save_bar(dirty=State.dirty, on_discard=State.enter, on_save=State.save)
