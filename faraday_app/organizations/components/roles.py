"""The parts of the pages of roles."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.state.roles import RolesState
from faraday_app.organizations.views.roles import RoleView


def roles_table() -> rx.Component:
    return ui.data_table(
        "Roles",
        [
            ui.Column("Role", _role, width="46%"),
            ui.Column("Kind", _kind, width="16%"),
            ui.Column("People", lambda row: rx.el.span(row.people, class_name="num"), align="end"),
            ui.Column("Permissions", lambda row: rx.el.span(row.permissions, class_name="num"), align="end"),
        ],
        RolesState.rows,
        empty=ui.Empty("shield", "There are no roles", "Reload the page."),
        loading=RolesState.loading,
        error=RolesState.error,
        retry=RolesState.refresh,
    )


def _role(row: RoleView) -> rx.Component:
    return ui.row_item(ui.link(row.name, "/roles/edit?role=" + row.id), row.description)


def _kind(row: RoleView) -> rx.Component:
    return rx.cond(row.built_in, ui.badge("Built in"), ui.badge("Your own", "iris"))


def new_role() -> rx.Component:
    new = ui.primary_button("New role", icon="plus", to="/roles/edit")
    return rx.cond(ui.allowed(Permission.roles_manage), new, rx.fragment())
