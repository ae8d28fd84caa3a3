"""Between the password and the session: show a second factor."""

import reflex as rx

from faraday_app import ui
from faraday_app.organizations.components.second_step import code_form, other_ways, passkey_button
from faraday_app.organizations.state.second_step import SecondStepState


@ui.page("/sign-in/verify", "Confirm that it is you", None, kind="plain", on_load=[SecondStepState.enter])
def second_step_page() -> rx.Component:
    """One way at a time; the others below it."""
    asked = rx.match(
        SecondStepState.way,
        ("passkey", passkey_button()),
        ("app", code_form("app")),
        ("backup", code_form("backup")),
        ("mail", code_form("mail")),
        ui.skeleton_lines(2),
    )
    back = ui.link("Start again", to="/sign-in")
    gone = ui.secondary_button("Go to sign in", to="/sign-in", icon="arrow_left")
    return ui.auth_card(
        "Confirm that it is you",
        SecondStepState.lead,
        rx.cond(SecondStepState.gone, gone, rx.fragment(asked, other_ways())),
        rx.el.script(src="/scripts/auth.js", custom_attrs={"async": True}),
        footer=rx.fragment("Not you? ", back),
    )
