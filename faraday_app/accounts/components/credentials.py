"""How a person signs in: their address and their password."""

import reflex as rx

from faraday_app import ui
from faraday_app.accounts.state.credentials import CredentialsState
from faraday_app.accounts.views import GOOD_PASSWORD
from faraday_app.ui.session import Viewer


def email_address() -> rx.Component:
    """Where e-mail can be sent; nothing is asked of anybody where it cannot."""
    standing = rx.cond(
        CredentialsState.verified, ui.badge("Confirmed", "green"), ui.badge("Not confirmed yet", "amber")
    )
    confirm = ui.auth_form("email/verify", submit="Send a link to confirm it", quiet=True)
    change = ui.auth_form(
        "email",
        ui.text_field(
            "email",
            "New address",
            help="A link goes there. Until you open it, nothing changes.",
            type="email",
            auto_complete="off",
            required=True,
            max_length=254,
        ),
        ui.password_field("email_password", "Current password", required=True),
        submit="Change address",
        quiet=True,
    )
    section = ui.form_section(
        "E-mail",
        "You sign in with it, and it is where you are told of what matters.",
        rx.el.p(Viewer.email, standing, class_name="row", style={"flexWrap": "wrap", "overflowWrap": "anywhere"}),
        rx.cond(CredentialsState.verified, rx.fragment(), confirm),
        rx.cond(CredentialsState.has_password, change, rx.fragment()),
    )
    return rx.cond(CredentialsState.mailed, section, rx.fragment())


def password() -> rx.Component:
    change = ui.auth_form(
        "password",
        ui.password_field("current", "Current password", required=True),
        ui.password_field("password", "New password", help=GOOD_PASSWORD, auto_complete="new-password", required=True),
        submit="Change password",
        quiet=True,
    )
    none = rx.el.p("You have none: you sign in with a connected account. ", ui.link("Choose one", to="/forgot"))
    return ui.form_section(
        "Password",
        "Changing it ends your sessions everywhere but here.",
        rx.cond(CredentialsState.has_password, change, none),
    )
