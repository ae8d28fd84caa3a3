"""From where nobody may call, whichever organisation they belong to."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.components import lead_for_all, rule_dialog, rules_table
from faraday_app.security.state import AllAddressesState, RuleForAllState

NAV = ui.Nav("platform_addresses", "Addresses for all", "globe", section="Platform", order=20)


@ui.page(
    "/platform/addresses",
    "Addresses for all",
    Permission.organizations_manage,
    nav=NAV,
    on_load=[AllAddressesState.enter],
)
def addresses_for_all_page() -> rx.Component:
    add = ui.primary_button("Add rule", icon="plus", on_click=RuleForAllState.set_open(True))
    header = ui.header(
        "Addresses for all", rx.el.span("From where may be called", class_name="desk-only"), actions=[add]
    )
    return ui.list_page(
        header,
        lead_for_all(),
        rules_table(AllAddressesState, RuleForAllState),
        rule_dialog(AllAddressesState, RuleForAllState, "It holds for every organisation, from the next click."),
    )
