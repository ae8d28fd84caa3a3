"""From where may be called."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.components import address_lead, blocks_table, only_section, rule_dialog, rules_table
from faraday_app.security.state import AddressesState, RuleState

ADDRESSES = ui.Nav("addresses", "Addresses", "map_pin", section="Administration", order=26)


@ui.page("/addresses", "Addresses", Permission.addresses_manage, nav=ADDRESSES, on_load=[AddressesState.enter])
def addresses_page() -> rx.Component:
    add = ui.primary_button("Add rule", icon="plus", on_click=RuleState.set_open(True))
    header = ui.header("Addresses", rx.el.span("From where may be called", class_name="desk-only"), actions=[add])
    body = rx.el.div(
        rules_table(AddressesState, RuleState),
        only_section(),
        blocks_table(),
        class_name="stack",
        style={"gap": "28px"},
    )
    dialog = rule_dialog(AddressesState, RuleState, "It holds for your organisation, from the next click.")
    return ui.list_page(header, address_lead(), body, dialog)
