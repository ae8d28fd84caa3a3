"""Roles, the editor of one, and why something was allowed or blocked."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.components.role import role_editor, role_side
from faraday_app.organizations.components.roles import new_role, roles_table
from faraday_app.organizations.components.why import answer, question
from faraday_app.organizations.state.holders import HoldersState
from faraday_app.organizations.state.role import RoleState
from faraday_app.organizations.state.roles import RolesState
from faraday_app.organizations.state.why import WhyState

NAV = ui.Nav("roles", "Roles", "shield", section="Administration", order=12)


@ui.page("/roles", "Roles", Permission.roles_read, nav=NAV, on_load=[RolesState.enter])
def roles_page() -> rx.Component:
    why = ui.secondary_button("Why?", icon="scale", to="/roles/why", aria_label="Why was this allowed or blocked?")
    header = ui.header("Roles", rx.el.span(RolesState.total, class_name="num"), actions=[why, new_role()])
    return ui.list_page(header, rx.fragment(), roles_table())


@ui.page("/roles/edit", "Role", Permission.roles_read, place="roles", on_load=[RoleState.enter, HoldersState.enter])
def role_page() -> rx.Component:
    name = rx.cond(RoleState.saved_name, RoleState.saved_name, "New role")
    delete = ui.row_menu(
        "Actions for this role", ui.MenuItem("Delete role", RoleState.set_deleting(True), "trash_2", True)
    )
    may = ui.allowed(Permission.roles_manage) & (RoleState.key != "") & ~RoleState.built_in
    header = ui.header(name, actions=[rx.cond(may, delete, rx.fragment())], back="/roles")
    return ui.detail_page(header, role_editor(), panel=role_side(), crumbs=[("Roles", "/roles")], here=name)


@ui.page("/roles/why", "Why?", Permission.roles_read, place="roles", on_load=[WhyState.enter])
def why_page() -> rx.Component:
    header = ui.header("Why was this allowed or blocked?", back="/roles")
    body = rx.el.div(question(), answer(), class_name="why")
    return ui.detail_page(header, body, crumbs=[("Roles", "/roles")], here="Why?")
