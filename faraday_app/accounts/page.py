"""A person's own page: who they are, how they sign in, where they are signed in."""

import reflex as rx

from faraday_app import ui
from faraday_app.accounts.components.credentials import email_address, password
from faraday_app.accounts.components.devices import devices
from faraday_app.accounts.components.profile import profile
from faraday_app.accounts.components.two_factor import two_factor
from faraday_app.accounts.state import DevicesState, PasskeysState, TwoFactorState
from faraday_app.accounts.state.credentials import CredentialsState
from faraday_app.core.permissions import Permission

ON_LOAD = [CredentialsState.enter, TwoFactorState.enter, PasskeysState.enter, DevicesState.enter]


@ui.page("/account", "Your account", Permission.account_manage, on_load=ON_LOAD)
def account_page() -> rx.Component:
    return ui.form_page(
        ui.header("Your account"),
        ui.told(CredentialsState.told, "green"),
        profile(),
        email_address(),
        password(),
        two_factor(),
        *ui.account_sections(),
        devices(),
    )
