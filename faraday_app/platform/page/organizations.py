"""The organisations of the installation, and one of them in numbers."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.platform.components import founding_dialog, nobody_joined, organization_figures, organizations_table
from faraday_app.platform.state import FoundingState, OrganizationsState, OrganizationState

NAV = ui.Nav("platform", "Organisations", "building_2", section="Platform", order=10)


@ui.page("/platform", "Organisations", Permission.platform_read, nav=NAV, on_load=[OrganizationsState.enter])
def organizations_page() -> rx.Component:
    new = ui.primary_button("New organisation", icon="plus", on_click=FoundingState.set_open(True))
    may = ui.allowed(Permission.organizations_manage)
    total = rx.el.span(OrganizationsState.total, class_name="num")
    search = ui.search_field("Search organisations", OrganizationsState.search, OrganizationsState.set_search)
    return ui.list_page(
        ui.header("Organisations", total, actions=[rx.cond(may, new, rx.fragment())]),
        ui.filter_bar(search),
        organizations_table(),
        founding_dialog(),
    )


@ui.page(
    "/platform/organizations/[organization]",
    "Organisation",
    Permission.platform_read,
    place="platform",
    on_load=[OrganizationState.enter],
)
def organization_page() -> rx.Component:
    title = rx.cond(OrganizationState.name, OrganizationState.name, "Organisation")
    gone = ui.empty_state(
        "building_2",
        "This organisation does not exist",
        "The link may be cut short.",
        ui.secondary_button("All organisations", to="/platform"),
    )
    body = rx.cond(
        OrganizationState.missing, gone, rx.el.div(nobody_joined(), organization_figures(), class_name="stack")
    )
    return ui.detail_page(
        ui.header(title, back="/platform"),
        body,
        founding_dialog(),
        crumbs=[("Organisations", "/platform")],
        here=title,
    )
