"""The models there are."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.gateway.components import model_dialog, model_filters, model_form_dialog, models_table
from faraday_app.gateway.state import ModelFormState, ModelsState

NAV = ui.Nav("models", "Models", "cpu", section="AI", order=10)


@ui.page("/models", "Models", Permission.models_read, nav=NAV, on_load=[ModelsState.enter])
def models_page() -> rx.Component:
    add = ui.primary_button("Add model", icon="plus", on_click=ModelFormState.add)
    actions = [rx.cond(ui.allowed(Permission.models_manage), add, rx.fragment())]
    header = ui.header("Models", rx.el.span("What you can ask", class_name="desk-only"), actions=actions)
    return ui.list_page(header, model_filters(), models_table(), model_dialog(), model_form_dialog())
