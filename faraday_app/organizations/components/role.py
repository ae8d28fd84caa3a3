"""The editor of a role."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.components.differences import what_if_tile
from faraday_app.organizations.components.holders import holders_tile
from faraday_app.organizations.components.limits import limits_dialog
from faraday_app.organizations.components.rules import rules_tile
from faraday_app.organizations.state.role import RoleState


def role_editor() -> rx.Component:
    """Its name, and what it allows and denies."""
    body = rx.cond(
        RoleState.error,
        ui.error_state(RoleState.error, RoleState.discard),
        rx.cond(RoleState.loading, ui.skeleton_table(8), _editor()),
    )
    return rx.fragment(body, limits_dialog(RoleState), _delete_dialog())


def role_side() -> rx.Component:
    """Beside the rules: what saving them would do, and who has the role."""
    side = rx.el.div(what_if_tile(RoleState), holders_tile(), class_name="stack sticky")
    return rx.cond(RoleState.built_in | (RoleState.error != ""), rx.fragment(), side)


def _editor() -> rx.Component:
    return rx.el.div(
        rx.cond(RoleState.problem, rx.el.div(ui.callout(RoleState.problem, "red"), role="alert"), rx.fragment()),
        rx.cond(RoleState.built_in, _fixed(), _about()),
        rules_tile(RoleState, fixed=RoleState.built_in),
        ui.save_bar(dirty=RoleState.dirty, on_discard=RoleState.discard, on_save=RoleState.save, busy=RoleState.busy),
        class_name="stack",
    )


def _fixed() -> rx.Component:
    text = rx.fragment(
        "This role is built in and the same everywhere. Make a role of your own that inherits from it to change it. ",
        ui.link("See the people", "/people"),
    )
    return ui.callout(text)


def _about() -> rx.Component:
    locked = ~ui.allowed(Permission.roles_manage)
    return ui.tile(
        "Role",
        "shield",
        rx.el.div(
            ui.text_field(
                "role_name",
                "Name",
                value=RoleState.name,
                on_change=RoleState.set_name,
                error=RoleState.name_error,
                max_length=80,
                auto_complete="off",
                disabled=locked,
            ),
            ui.text_field(
                "role_description",
                "What it is for",
                value=RoleState.description,
                on_change=RoleState.set_description,
                max_length=400,
                auto_complete="off",
                disabled=locked,
            ),
            ui.select_field(
                "role_parent",
                "Inherits from",
                RoleState.parents,
                value=RoleState.parent,
                on_change=RoleState.set_parent,
                help="It allows and denies what that role does, and what you set below.",
                disabled=locked,
            ),
            class_name="stack",
            style={"marginTop": "12px", "maxWidth": "560px"},
        ),
    )


def _delete_dialog() -> rx.Component:
    return ui.confirm_dialog(
        "Delete “" + RoleState.saved_name + "”?",
        "Whoever has it loses what it allows, and is freed of what it denies, at once. This cannot be taken back.",
        open=RoleState.deleting,
        on_open_change=RoleState.set_deleting,
        confirm="Delete role",
        on_confirm=RoleState.delete,
    )
