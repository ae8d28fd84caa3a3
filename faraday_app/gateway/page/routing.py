"""How models are chosen."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.gateway.components import policy_form, receipt_dialog, receipts_section
from faraday_app.gateway.state import PolicyState, ReceiptsState

NAV = ui.Nav("routing", "Routing", "route", section="AI", order=30)


@ui.page("/routing", "Routing", Permission.models_manage, nav=NAV, on_load=[PolicyState.enter, ReceiptsState.enter])
def routing_page() -> rx.Component:
    header = ui.header("Routing", rx.el.span("How models are chosen", class_name="desk-only"))
    form = ui.form_page(header, policy_form())
    return rx.fragment(form, rx.el.div(receipts_section(), class_name="content"), receipt_dialog())
