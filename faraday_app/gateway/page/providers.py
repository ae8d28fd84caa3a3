"""Whom models are asked of."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.gateway.components import model_form_dialog, provider_dialogs, providers_table
from faraday_app.gateway.state import ModelProvidersState

NAV = ui.Nav("providers", "Providers", "plug", section="AI", order=20)


@ui.page("/providers", "Providers", Permission.models_manage, nav=NAV, on_load=[ModelProvidersState.enter])
def providers_page() -> rx.Component:
    add = ui.primary_button("Add provider", icon="plus", on_click=ModelProvidersState.add)
    header = ui.header("Providers", rx.el.span("Whom models are asked of", class_name="desk-only"), actions=[add])
    lead = rx.el.p(
        "A provider is asked only for models that have a place there. Its keys are encrypted, and never shown again.",
        class_name="muted",
    )
    return ui.list_page(header, lead, providers_table(), provider_dialogs(), model_form_dialog())
