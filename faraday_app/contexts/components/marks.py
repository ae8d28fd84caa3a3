"""What can be done with a message beside answering it; what is pinned, and words within the conversation."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.state import MarksState, ThreadState
from faraday_app.contexts.state.marks import PlaceView


def message_acts(message: Any) -> rx.Component:
    """The template it was written with; then pin, quote and fork."""
    is_pinned = MarksState.pinned.contains(message.id)
    sign = rx.el.span(rx.icon("pin", size=13), "pinned", class_name="meta with-sign")
    return rx.fragment(
        rx.cond(is_pinned, sign, rx.fragment()),
        rx.cond(
            MarksState.uses.contains(message.id),
            rx.el.span(MarksState.uses[message.id], class_name="meta"),
            rx.fragment(),
        ),
        ui.row_menu(
            "More for this message",
            ui.MenuItem(
                rx.cond(is_pinned, "Unpin", "Pin"),
                MarksState.toggle_pin(message.id),
                "pin",
                shown=ThreadState.may_write,
            ),
            ui.MenuItem("Quote in your message", MarksState.cite(message.id), "quote", shown=ThreadState.may_write),
            ui.MenuItem("Fork from here", MarksState.fork(message.id), "git_fork"),
        ),
    )


def places() -> rx.Component:
    """What is pinned, and a search: for the pane beside the conversation."""
    nothing = rx.cond(MarksState.search, rx.el.p("No message has these words.", class_name="meta"), rx.fragment())
    more = rx.el.p("There are more. Add a word to narrow it.", class_name="meta")
    return rx.fragment(
        rx.cond(MarksState.pins, rx.fragment(rx.el.h2("Pinned"), _list(MarksState.pins, "Pinned")), rx.fragment()),
        rx.el.h2("Find in this conversation"),
        ui.search_field("Words", MarksState.search, MarksState.set_search, "search-messages"),
        rx.cond(MarksState.hits, _list(MarksState.hits, "Found"), nothing),
        rx.cond(MarksState.has_more, more, rx.fragment()),
    )


def _list(items: rx.Var[list[PlaceView]], label: str) -> rx.Component:
    return rx.el.ul(rx.foreach(items, _place), class_name="bare", aria_label=label)


def _place(place: PlaceView) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(place.name, class_name="meta"),
            rx.el.span(place.before, rx.el.mark(place.found), place.after, class_name="place-words"),
            type="button",
            on_click=MarksState.go_to(place.id),
            class_name="template-offer",
        ),
        key=place.id,
    )
