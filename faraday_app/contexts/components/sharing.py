"""Share a conversation, and see who is here."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.state import SharingState
from faraday_app.contexts.views import ColleagueView, MemberView

ACCESS = [("viewer", "Can read"), ("editor", "Can write")]


def here_now() -> rx.Component:
    """The others who have this conversation open."""
    faces = rx.foreach(SharingState.others_here, lambda member: ui.avatar(member.initials, member.tone, "small"))
    return rx.cond(SharingState.others_here, ui.avatars(faces, label="Also here"), rx.fragment())


def share_dialog() -> rx.Component:
    """Find a colleague, choose what they may do, see and change who has access."""
    return ui.dialog(
        "Share this conversation",
        "People of your organisation. They see new messages at once; you can withdraw access at any time.",
        rx.el.div(
            rx.el.div(
                ui.search_field("Find a colleague", SharingState.search, SharingState.set_search, name="colleague"),
                ui.filter_select("What they may do", ACCESS, SharingState.access, SharingState.set_access),
                class_name="filters",
            ),
            _results(),
            ui.rows(rx.foreach(SharingState.members, _member)),
            class_name="stack",
        ),
        open=SharingState.open,
        on_open_change=SharingState.set_open,
        actions=[ui.primary_button("Done", on_click=SharingState.set_open(False))],
    )


def _results() -> rx.Component:
    nobody = rx.el.p("Nobody else matches.", class_name="meta")
    shown = rx.cond(SharingState.found, ui.rows(rx.foreach(SharingState.found, _colleague)), nobody)
    return rx.cond(SharingState.search.length() > 1, shown, rx.fragment())


def _colleague(person: ColleagueView) -> rx.Component:
    return ui.row_item(
        person.name,
        person.detail,
        leading=ui.avatar(person.initials, person.tone, "small"),
        trailing=ui.secondary_button(
            "Share",
            size="small",
            on_click=SharingState.share(person.user_id),
            aria_label="Share with " + person.name,
        ),
        key=person.user_id,
    )


def _member(member: MemberView) -> rx.Component:
    choose = rx.el.span(
        ui.filter_select("Access", ACCESS, member.access, lambda access: SharingState.change(member.user_id, access)),
        ui.icon_button(
            "Withdraw access of " + member.name, "x", size="small", on_click=SharingState.withdraw(member.user_id)
        ),
        class_name="row",
    )
    return ui.row_item(
        rx.cond(member.me, member.name + " (you)", member.name),
        leading=ui.avatar(member.initials, member.tone, "small"),
        trailing=rx.cond(member.access == "owner", ui.meta("owner"), choose),
        key=member.user_id,
    )
