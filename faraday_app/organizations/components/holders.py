"""The people with a role."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.components.differences import gained, lost
from faraday_app.organizations.state.holders import HoldersState
from faraday_app.organizations.state.role import RoleState
from faraday_app.organizations.views.roles import HolderView


def holders_tile() -> rx.Component:
    """For a role that is saved; a new one cannot be given yet."""
    give = ui.secondary_button(
        "Give",
        icon="user_plus",
        size="small",
        on_click=HoldersState.set_giving(True),
        aria_label="Give to somebody",
    )
    nobody = rx.el.p("Nobody has it yet.", class_name="muted")
    tile = ui.tile(
        "People with this role",
        "users",
        rx.cond(HoldersState.rows.length() > 0, ui.rows(rx.foreach(HoldersState.rows, _holder)), nobody),
        _pager(),
        action=rx.cond(ui.allowed(Permission.roles_manage), give, rx.fragment()),
    )
    return rx.fragment(rx.cond(RoleState.key, tile, rx.fragment()), _give_dialog(), _withdraw_dialog())


def _holder(row: HolderView) -> rx.Component:
    until = rx.cond(row.over, ui.badge(row.until, "amber"), rx.el.span(row.until))
    take = ui.icon_button("Take it from " + row.name, "x", size="small", on_click=HoldersState.ask_withdraw(row.id))
    may = rx.cond(ui.allowed(Permission.roles_manage), take, rx.fragment())
    return ui.row_item(row.name, until, leading=ui.avatar(row.initials, row.tone), trailing=may, key=row.id)


def _pager() -> rx.Component:
    return ui.pager(
        "",
        on_previous=HoldersState.previous_page,
        on_next=HoldersState.next_page,
        has_previous=HoldersState.has_previous,
        has_next=HoldersState.has_next,
    )


def _give_dialog() -> rx.Component:
    picker = ui.person_picker(
        "holder",
        "Person",
        chosen=HoldersState.chosen,
        query=HoldersState.query,
        found=HoldersState.found,
        on_search=HoldersState.search,
        on_choose=HoldersState.choose,
        on_another=HoldersState.choose_another,
    )
    nothing = rx.el.span("Changes nothing for them at this moment.", class_name="muted")
    changes = rx.cond(
        HoldersState.gains + HoldersState.losses == "",
        nothing,
        rx.el.div(gained(HoldersState.gains), lost(HoldersState.losses), class_name="changes"),
    )
    form = rx.el.form(
        picker,
        rx.cond(HoldersState.chosen.id, ui.callout(changes), rx.fragment()),
        ui.text_field("until", "Until", type="datetime-local", help="Empty: for good."),
        rx.cond(HoldersState.problem, rx.el.div(ui.callout(HoldersState.problem, "red"), role="alert"), rx.fragment()),
        rx.el.div(ui.primary_button("Give role", type="submit"), class_name="dialog-foot"),
        on_submit=HoldersState.give,
        class_name="stack",
    )
    return ui.dialog(
        "Give “" + RoleState.saved_name + "” to somebody",
        "In addition to what they are. It holds from their next click.",
        form,
        open=HoldersState.giving,
        on_open_change=HoldersState.set_giving,
    )


def _withdraw_dialog() -> rx.Component:
    return ui.confirm_dialog(
        "Take the role from " + HoldersState.withdrawn + "?",
        "What it allows them ends at once, and so does what it denies.",
        open=HoldersState.withdrawing,
        on_open_change=HoldersState.set_withdrawing,
        confirm="Take it away",
        on_confirm=HoldersState.withdraw,
    )
