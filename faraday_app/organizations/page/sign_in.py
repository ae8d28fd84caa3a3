"""How people sign in to the organisation: who needs two factors, and with which accounts of others."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.components.providers import providers_section
from faraday_app.organizations.components.sign_in_policy import policy_bar, policy_section
from faraday_app.organizations.state.providers import ProvidersState
from faraday_app.organizations.state.sign_in_policy import SignInPolicyState

NAV = ui.Nav("sign_in", "Sign-in", "log_in", section="Administration", order=16)


@ui.page(
    "/sign-in-settings",
    "Sign-in",
    Permission.sign_in_manage,
    nav=NAV,
    on_load=[SignInPolicyState.enter, ProvidersState.enter],
)
def sign_in_settings_page() -> rx.Component:
    return ui.form_page(ui.header("Sign-in"), policy_section(), providers_section(), save_bar=policy_bar())
