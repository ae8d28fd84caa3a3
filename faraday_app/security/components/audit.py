"""The parts of the audit page."""

import reflex as rx

from faraday_app import ui
from faraday_app.security.state import AuditState, EventState
from faraday_app.security.views import EventView

_KINDS = rx.Var.create([("", "Any action")]) + AuditState.kinds


_SINCE = [("", "Any time"), ("today", "Today"), ("7", "Last 7 days"), ("30", "Last 30 days")]


def audit_filters() -> rx.Component:
    clear = ui.ghost_button("Clear", icon="x", size="small", on_click=AuditState.clear)
    newer = ui.secondary_button("Show new events", icon="arrow_up", size="small", on_click=AuditState.newest)
    tail = ui.filter_chip("Live", on=AuditState.tailing, on_click=AuditState.toggle_tail, icon="radio")
    return ui.filter_bar(
        ui.search_field("Search the trail", AuditState.search, AuditState.set_search),
        ui.filter_select("Action", _KINDS, AuditState.kind, AuditState.set_kind),
        ui.filter_select("Since", _SINCE, AuditState.since, AuditState.set_since),
        tail,
        rx.cond(AuditState.behind, newer, rx.fragment()),
        rx.cond(_filtered(), clear, rx.fragment()),
    )


def audit_table() -> rx.Component:
    return ui.data_table(
        "Audit events, newest first",
        [
            ui.Column("When", lambda row: rx.el.span(row.when, class_name="num clip"), width="150px"),
            ui.Column("Who", _who),
            ui.Column("What", lambda row: row.what),
            ui.Column("Target", _target),
            ui.Column("Address", _address, phone="hide"),
        ],
        AuditState.rows,
        empty=ui.Empty("scroll_text", "Nothing has happened yet", "Every sign-in and every change is listed here."),
        loading=AuditState.loading,
        error=AuditState.error,
        retry=AuditState.refresh,
        filtered=_filtered(),
        menu=_details,
        dense=True,
        footer=ui.pager(
            AuditState.shown,
            on_previous=AuditState.previous_page,
            on_next=AuditState.next_page,
            has_previous=AuditState.has_previous,
            has_next=AuditState.has_next,
        ),
    )


def _filtered() -> rx.Var[bool]:
    return rx.Var.create([AuditState.search, AuditState.kind, AuditState.since]).join() != ""


def _who(row: EventView) -> rx.Component:
    return rx.el.span(ui.avatar(row.initials, row.tone, size="small"), rx.el.span(row.who), class_name="row")


def _target(row: EventView) -> rx.Component:
    return rx.el.span(rx.cond(row.target, row.target, "—"), style={"overflowWrap": "anywhere"})


def _address(row: EventView) -> rx.Component:
    return rx.el.span(rx.cond(row.address, row.address, "—"), class_name="muted num")


def _details(row: EventView) -> rx.Component:
    label = "Details: " + row.who + ", " + row.what
    return ui.icon_button(label, "info", size="small", on_click=EventState.show(row.id))


def event_dialog() -> rx.Component:
    def line(pair: rx.Var[tuple[str, str]]) -> rx.Component:
        return rx.fragment(rx.el.dt(pair[0], class_name="muted"), rx.el.dd(pair[1]))

    return ui.dialog(
        EventState.what,
        "As it was recorded. Nobody can change or remove it.",
        rx.el.dl(rx.foreach(EventState.lines, line), class_name="facts"),
        open=EventState.open,
        on_open_change=EventState.set_open,
        width="560px",
    )
