"""How models are chosen, what came of it, and what might."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.gateway.components import (
    drill_dialog,
    drills_section,
    learned_section,
    policy_form,
    receipt_dialog,
    receipts_section,
    replay_section,
)
from faraday_app.gateway.state import DrillsState, LearnedState, PolicyState, ReceiptsState, ReplayState

NAV = ui.Nav("routing", "Routing", "route", section="AI", order=30)
ON_LOAD = [PolicyState.enter, ReceiptsState.enter, ReplayState.enter, LearnedState.enter, DrillsState.enter]


@ui.page("/routing", "Routing", Permission.models_manage, nav=NAV, on_load=ON_LOAD)
def routing_page() -> rx.Component:
    header = ui.header("Routing", rx.el.span("How models are chosen", class_name="desk-only"))
    tabs = ui.tabs(
        ui.Tab("policy", "Policy", rx.el.div(policy_form(), class_name="form")),
        ui.Tab("receipts", "Receipts", receipts_section()),
        ui.Tab("replay", "Replay", replay_section()),
        ui.Tab("learning", "Learning", learned_section()),
        ui.Tab("drills", "Drills", drills_section()),
    )
    return rx.fragment(header, rx.el.div(tabs, class_name="content"), receipt_dialog(), drill_dialog())
