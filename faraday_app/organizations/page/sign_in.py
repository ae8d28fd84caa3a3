"""How people sign in to the organisation."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.components.sign_in_policy import policy_bar, policy_section
from faraday_app.organizations.state.sign_in_policy import SignInPolicyState

NAV = ui.Nav("sign_in", "Sign-in", "shield_check", section="Administration", order=16)


@ui.page("/sign-in-settings", "Sign-in", Permission.sign_in_manage, nav=NAV, on_load=[SignInPolicyState.enter])
def sign_in_settings_page() -> rx.Component:
    return ui.form_page(ui.header("Sign-in"), policy_section(), save_bar=policy_bar())
