"""Credits: what one has, what became of it; for administrators, giving them."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.credits.components import (
    balance_badge,
    balance_tiles,
    grant_dialog,
    statement_filters,
    statement_table,
    usage_chart,
)
from faraday_app.credits.state import CreditsState, GrantState

ui.add_top_bar_item(balance_badge, Permission.credits_read, order=10)


@ui.page(
    "/credits",
    "Credits",
    Permission.credits_read,
    nav=ui.Nav("credits", "Credits", "coins", order=60),
    on_load=[CreditsState.enter],
)
def credits_page() -> rx.Component:
    may_grant = ui.allowed(Permission.credits_grant)
    grant = ui.primary_button("Grant credits", icon="hand_coins", on_click=GrantState.show)
    return ui.list_page(
        ui.header("Credits", actions=[rx.cond(may_grant, grant, rx.fragment())]),
        rx.fragment(balance_tiles(), usage_chart(), statement_filters()),
        statement_table(),
        rx.cond(may_grant, grant_dialog(), rx.fragment()),
    )
