"""How people sign in to the organisation: its identity providers."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.components.providers import providers_section
from faraday_app.organizations.state.providers import ProvidersState

NAV = ui.Nav("identity-providers", "Identity providers", "log_in", section="Administration", order=17)


@ui.page(
    "/identity-providers", "Identity providers", Permission.sign_in_manage, nav=NAV, on_load=[ProvidersState.enter]
)
def providers_page() -> rx.Component:
    return rx.fragment(ui.header("Identity providers"), rx.el.div(providers_section(), class_name="content"))
