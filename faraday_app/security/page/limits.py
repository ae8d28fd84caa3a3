"""Rate limits."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.components import (
    adaptations,
    limits_status,
    override_dialog,
    overrides_table,
    policies_table,
    simulation,
)
from faraday_app.security.state import LimitsState, OverrideState

LIMITS = ui.Nav("limits", "Limits", "gauge", section="Administration", order=24)


@ui.page("/limits", "Limits", Permission.limits_manage, nav=LIMITS, on_load=[LimitsState.enter])
def limits_page() -> rx.Component:
    add = ui.primary_button("Add exception", icon="plus", on_click=OverrideState.show)
    header = ui.header("Limits", rx.el.span("How often may be called", class_name="desk-only"), actions=[add])
    parts = (policies_table(), overrides_table(), adaptations(), simulation())
    return ui.list_page(
        header,
        limits_status(),
        rx.el.div(*parts, class_name="stack", style={"gap": "28px"}),
        override_dialog(),
    )
