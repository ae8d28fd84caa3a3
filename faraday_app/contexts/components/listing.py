"""The conversations at the left."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.state import ImportingState, ListingState, ThreadState
from faraday_app.contexts.views import ConversationView


def listing() -> rx.Component:
    """Search, the conversations, the way to those put away, and bringing some from elsewhere."""
    return rx.el.div(
        ui.search_field("Search conversations", ListingState.search, ListingState.set_search),
        rx.cond(ListingState.loaded, _found(), ui.skeleton_lines(6)),
        class_name="conversations",
    )


def _found() -> rx.Component:
    more = ui.ghost_button("Show more", on_click=ListingState.more, size="small")
    archived = rx.cond(ListingState.archived, "Back to current", "Archived")
    return rx.fragment(
        rx.cond(
            ListingState.items,
            rx.el.ul(rx.foreach(ListingState.items, _item), class_name="bare"),
            rx.el.p(_nothing(), class_name="meta nothing"),
        ),
        rx.cond(ListingState.has_more, more, rx.fragment()),
        rx.el.div(
            ui.ghost_button(archived, on_click=ListingState.toggle_archived, size="small", icon="archive"),
            ui.ghost_button("Import", on_click=ImportingState.set_open(True), size="small", icon="upload"),
            ui.ghost_button("Use and cost", to="/assistant/history", size="small", icon="chart_column"),
            class_name="list-foot",
        ),
    )


def _nothing() -> rx.Component:
    return rx.cond(
        ListingState.search,
        "Nothing matches. Try another word.",
        rx.cond(ListingState.archived, "Nothing is archived.", "No conversations yet. Ask something to begin one."),
    )


def _item(item: ConversationView) -> rx.Component:
    meta = rx.cond(item.answering, rx.el.span("answering", class_name="tone-iris"), item.meta)
    return rx.el.li(
        ui.go(
            rx.el.span(item.title, class_name="title clip"),
            rx.el.span(meta, class_name="meta clip"),
            to="/assistant/" + item.id,
            class_name="conversation",
            aria_current=rx.cond(ThreadState.id == item.id, "true", "false"),
        ),
        key=item.id,
    )
