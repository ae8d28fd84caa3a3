"""The list of what happened."""

import reflex as rx

from faraday_app import ui
from faraday_app.security.components.audit_filters import filtered
from faraday_app.security.state import AuditState, EventState
from faraday_app.security.views import EventView


def audit_table() -> rx.Component:
    return ui.data_table(
        "Audit events, newest first",
        [
            ui.Column("When", lambda row: rx.el.span(row.when, class_name="num clip"), width="150px"),
            ui.Column("Who", _who),
            ui.Column("What", _what),
            ui.Column("Target", _target),
            ui.Column("Address", _address, phone="hide"),
        ],
        AuditState.rows,
        empty=ui.Empty("scroll_text", "Nothing has happened yet", "Every sign-in and every change is listed here."),
        loading=AuditState.loading,
        error=AuditState.error,
        retry=AuditState.refresh,
        filtered=filtered(),
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


def _who(row: EventView) -> rx.Component:
    return rx.el.span(ui.avatar(row.initials, row.tone, size="small"), rx.el.span(row.who), class_name="row")


def _what(row: EventView) -> rx.Component:
    """How it ended is said only where it did not end well."""
    ended = rx.cond(row.outcome_tone != "green", ui.badge(row.outcome, row.outcome_tone), rx.fragment())
    return rx.el.span(row.what, ended, class_name="row wrap")


def _target(row: EventView) -> rx.Component:
    return rx.el.span(rx.cond(row.target, row.target, "—"), style={"overflowWrap": "anywhere"})


def _address(row: EventView) -> rx.Component:
    return rx.el.span(rx.cond(row.address, row.address, "—"), class_name="muted num")


def _details(row: EventView) -> rx.Component:
    label = "Details: " + row.who + ", " + row.what
    return ui.icon_button(label, "info", size="small", on_click=EventState.show(row.id))
