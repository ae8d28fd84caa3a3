"""The people of the organisation, and the rules for one of them."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.components import (
    invite_dialog,
    member_dialogs,
    open_invitations,
    people_filters,
    people_table,
    reset_link_dialog,
)
from faraday_app.organizations.components.person_rules import rules_editor, rules_side
from faraday_app.organizations.state import InvitationsState, PeopleState
from faraday_app.organizations.state.person_rules import PersonRulesState

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
        reset_link_dialog(),
    )


@ui.page("/people/rules", "Rules", Permission.roles_manage, place="people", on_load=[PersonRulesState.enter])
def rules_page() -> rx.Component:
    name = rx.cond(PersonRulesState.name, "Rules for " + PersonRulesState.name, "Rules")
    to = rx.Var.create("/roles/why?person=") + PersonRulesState.person
    why = ui.secondary_button("Why?", icon="scale", to=to, aria_label="Why may they do something, or not?")
    header = ui.header(name, actions=[why], back="/people")
    return ui.detail_page(header, rules_editor(), panel=rules_side(), crumbs=[("People", "/people")], here=name)
