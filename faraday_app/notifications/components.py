"""The bell, and the list of everything one was told."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.notifications.state import BellState, InboxState
from faraday_app.notifications.views import NotificationView


def bell() -> rx.Component:
    """In the top bar of every page: how much is unread, and the newest behind it."""
    mark = rx.cond(BellState.count, rx.el.span(BellState.count, class_name="count", aria_hidden="true"), rx.fragment())
    trigger = rx.el.button(
        rx.icon("bell", size=18),
        mark,
        type="button",
        class_name="button ghost icon bell",
        aria_label=BellState.label,
        title=BellState.label,
    )
    shown = ui.popover(
        trigger, _newest(), label="Notifications", open=BellState.open, on_open_change=BellState.set_open
    )
    return rx.el.span(shown, on_mount=BellState.load, class_name="keeps")


def _newest() -> rx.Component:
    read = ui.ghost_button("Mark all read", icon="check_check", size="small", on_click=BellState.mark_all)
    head = rx.el.div(
        rx.el.h2("Notifications", class_name="h2"),
        rx.cond(BellState.count, read, rx.fragment()),
        class_name="popover-head",
    )
    rows = ui.rows(rx.foreach(BellState.rows, lambda row: _line(row, BellState.take(row.id))))
    nothing = rx.el.p("Nothing yet. What concerns you will be told here.", class_name="muted popover-blank")
    return rx.fragment(
        head,
        rx.cond(BellState.rows.length() > 0, rows, nothing),
        rx.el.div(ui.link("All notifications", to="/notifications"), class_name="popover-foot"),
    )


def _line(row: NotificationView, taken: Any) -> rx.Component:
    """One thing told: a link to where it happened, or a button that takes note of it."""
    words = [
        _dot(row),
        rx.el.span(
            rx.el.span(row.title, class_name=rx.cond(row.unread, "title strong", "title")),
            rx.cond(row.text, rx.el.span(row.text, class_name="meta"), rx.fragment()),
            rx.el.span(row.when, rx.cond(row.times, " · " + row.times, ""), class_name="meta"),
            class_name="text told",
        ),
    ]
    linked = ui.go(*words, to=row.link, class_name="item", on_click=taken)
    plain = rx.el.button(*words, type="button", class_name="item", on_click=taken)
    return rx.el.div(rx.cond(row.link, linked, plain), key=row.id)


def _dot(row: NotificationView) -> rx.Component:
    unread = rx.el.span(class_name="dot iris", role="img", aria_label="Unread")
    return rx.el.span(rx.cond(row.unread, unread, rx.fragment()), class_name="told-dot")


def inbox_filters() -> rx.Component:
    def chip(text: str, which: str, on: rx.Var[bool]) -> rx.Component:
        return ui.filter_chip(text, on=on, on_click=InboxState.show(which))

    return ui.filter_bar(chip("All", "all", ~InboxState.unread_only), chip("Unread", "unread", InboxState.unread_only))


def inbox() -> rx.Component:
    return ui.data_table(
        "Notifications, newest first",
        [ui.Column("What", lambda row: _line(row, InboxState.take(row.id)))],
        InboxState.rows,
        empty=ui.Empty("bell", "Nothing yet", "A sign-in with a new device, for example, would be told here."),
        no_match=ui.Empty("check_check", "You have read everything", "Switch to “All” for what you were told before."),
        loading=InboxState.loading,
        error=InboxState.error,
        retry=InboxState.refresh,
        filtered=InboxState.unread_only,
        menu=_read,
        footer=ui.pager(
            InboxState.shown,
            on_previous=InboxState.previous_page,
            on_next=InboxState.next_page,
            has_previous=InboxState.has_previous,
            has_next=InboxState.has_next,
        ),
    )


def _read(row: NotificationView) -> rx.Component:
    mark = ui.icon_button("Mark as read: " + row.title, "check", size="small", on_click=InboxState.take(row.id))
    return rx.cond(row.unread, mark, rx.fragment())
