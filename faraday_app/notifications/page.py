"""Everything one was told, and the bell that says how much of it is unread."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.notifications.components import bell, inbox, inbox_filters
from faraday_app.notifications.state import InboxState

ui.add_top_bar_item(bell, Permission.notifications_read, order=20)


@ui.page("/notifications", "Notifications", Permission.notifications_read, on_load=[InboxState.enter])
def notifications_page() -> rx.Component:
    read = ui.secondary_button("Mark all read", icon="check_check", on_click=InboxState.mark_all)
    unread = rx.cond(InboxState.unread, rx.el.span(InboxState.unread + " unread"), rx.fragment())
    return ui.list_page(
        ui.header("Notifications", unread, actions=[rx.cond(InboxState.unread, read, rx.fragment())]),
        inbox_filters(),
        inbox(),
    )
