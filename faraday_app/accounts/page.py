"""A person's own page: who they are, how they sign in, where they are signed in."""

import reflex as rx

from faraday_app import ui
from faraday_app.accounts.components.profile import profile
from faraday_app.accounts.components.two_factor import two_factor
from faraday_app.accounts.state import PasskeysState, TwoFactorState
from faraday_app.core.permissions import Permission

ON_LOAD = [TwoFactorState.enter, PasskeysState.enter]


@ui.page("/account", "Your account", Permission.account_manage, on_load=ON_LOAD)
def account_page() -> rx.Component:
    return ui.form_page(ui.header("Your account"), profile(), two_factor())
