"""Who is signed in, and the question before somebody is signed out."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.state import EndSessionState, OpenSessionsState
from faraday_app.security.views import OpenSessionView


def sessions_table() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Who is signed in now?"),
        ui.data_table(
            "Browsers that are signed in, newest first",
            [
                ui.Column("Who", _who, width="26%"),
                ui.Column("Browser", lambda row: row.device),
                ui.Column("Where", lambda row: rx.el.span(row.place, class_name="num")),
                ui.Column("Last seen", lambda row: rx.el.span(row.seen, class_name="muted")),
            ],
            OpenSessionsState.rows,
            empty=ui.Empty("monitor", "Nobody is signed in", "Whoever signs in is listed here."),
            loading=OpenSessionsState.loading,
            error=OpenSessionsState.error,
            retry=OpenSessionsState.refresh,
            menu=_end,
            footer=ui.pager(
                OpenSessionsState.shown,
                on_previous=OpenSessionsState.previous_page,
                on_next=OpenSessionsState.next_page,
                has_previous=OpenSessionsState.has_previous,
                has_next=OpenSessionsState.has_next,
            ),
        ),
        class_name="span-8 stack",
    )


def _who(row: OpenSessionView) -> rx.Component:
    you = rx.cond(row.own, rx.el.span(" (this browser)", class_name="meta"), rx.fragment())
    return rx.el.span(ui.avatar(row.initials, row.tone, size="small"), rx.el.span(row.name, you), class_name="row")


def _end(row: OpenSessionView) -> rx.Component:
    label = "Sign out " + row.name + ", " + row.device
    act = ui.icon_button(label, "log_out", size="small", on_click=EndSessionState.ask(row.id))
    return rx.cond(ui.allowed(Permission.security_manage) & ~row.own, act, rx.fragment())


def end_session_dialog() -> rx.Component:
    return ui.confirm_dialog(
        "Sign " + EndSessionState.name + " out?",
        "Every tab of that browser closes at once. They can sign in again with their password.",
        open=EndSessionState.asking,
        on_open_change=EndSessionState.set_asking,
        confirm="Sign out",
        on_confirm=EndSessionState.end,
    )
