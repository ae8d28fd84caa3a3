"""The pages of who has lost the way in: forgotten passwords, and links that came by e-mail."""

import reflex as rx

from faraday_app import ui
from faraday_app.accounts.views import GOOD_PASSWORD
from faraday_app.core import mail
from faraday_app.ui.guard import PUBLIC, allow


class RecoveryState(rx.State):
    """What a guest may know: whether e-mail can be sent, and what they have just done."""

    mailed: bool = True
    done: bool = False

    @rx.event
    @allow(PUBLIC)
    async def enter(self) -> None:
        self.mailed = mail.is_configured()
        self.done = "done" in self.router.url.query_parameters


def _back() -> rx.Component:
    return ui.secondary_button("Back to sign in", to="/sign-in", icon="arrow_left")


@ui.page("/forgot", "Forgotten password", None, kind="plain", on_load=[RecoveryState.enter])
def forgot_page() -> rx.Component:
    email = ui.text_field("email", "Email", type="email", auto_complete="username", required=True, auto_focus=True)
    ask = ui.auth_card(
        "Forgot your password?",
        "Enter your address, and we send you a link to choose a new one.",
        ui.auth_form("forgot", email, submit="Send link"),
        _back(),
    )
    sent = ui.auth_card(
        "Look into your mailbox",
        "If this address has an account, a link is on its way. It works once, within 30 minutes.",
        _back(),
        footer="Nothing came? Look among the unwanted mail, then ask an administrator of your organisation.",
    )
    by_hand = ui.auth_card(
        "Forgot your password?",
        "This Faraday does not send e-mail. Ask an administrator of your organisation for a link to choose a new one.",
        _back(),
    )
    return rx.cond(RecoveryState.mailed, rx.cond(RecoveryState.done, sent, ask), by_hand)


@ui.page("/reset", "New password", None, kind="plain", on_load=[RecoveryState.enter])
def reset_page() -> rx.Component:
    return ui.auth_card(
        "Choose a new password",
        "All your sessions are ended; you sign in with the new one.",
        ui.auth_form(
            "reset",
            ui.password_field(
                "password", "New password", help=GOOD_PASSWORD, auto_complete="new-password", required=True
            ),
            submit="Set password",
        ),
        footer=ui.link("Ask for a new link", to="/forgot"),
    )


@ui.page("/verify", "Confirm your address", None, kind="plain", on_load=[RecoveryState.enter])
def verify_page() -> rx.Component:
    """A click is asked for: programs that look into mailboxes open links too, and must not use them up."""
    ask = ui.auth_card(
        "Confirm your address",
        "Confirm that the mailbox in which you found this link is yours.",
        ui.auth_form("verify", submit="Confirm"),
    )
    done = ui.auth_card(
        "Your address is confirmed", "You can close this page.", ui.secondary_button("Go to Faraday", to="/")
    )
    return rx.cond(RecoveryState.done, done, ask)
