"""The people of the organisation."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.components import (
    invite_dialog,
    member_dialogs,
    open_invitations,
    people_filters,
    people_table,
)
from faraday_app.organizations.state import InvitationsState, PeopleState

NAV = ui.Nav("people", "People", "users", section="Administration", order=10, phone=True)


@ui.page("/people", "People", Permission.people_read, nav=NAV, on_load=[PeopleState.enter, InvitationsState.enter])
def people_page() -> rx.Component:
    invite = ui.primary_button("Invite", icon="user_plus", on_click=InvitationsState.set_inviting(True))
    return ui.list_page(
        ui.header("People", rx.el.span(PeopleState.total, class_name="num"), actions=[invite]),
        people_filters(),
        rx.fragment(people_table(), open_invitations()),
        member_dialogs(),
        invite_dialog(),
    )
