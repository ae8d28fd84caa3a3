"""What a conversation is about: its data in the side pane."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.data_views import DataView
from faraday_app.contexts.state import DataEditorState, DataState, ThreadState

ICONS = {"text": "file_text", "file": "file", "table": "table", "link": "link", "note": "sticky_note"}


def data_tab() -> rx.Component:
    """Every member sees it; whoever may write adds, leaves out and removes."""
    add = ui.secondary_button("Add data", icon="plus", size="small", on_click=DataEditorState.begin)
    return rx.el.div(
        rx.cond(ThreadState.may_write, add, rx.fragment()),
        rx.cond(DataState.removed, _removed(), rx.fragment()),
        rx.cond(DataState.loaded, _items(), ui.skeleton_lines(4)),
        class_name="stack",
    )


def _items() -> rx.Component:
    nothing = rx.el.p(
        "Nothing yet. Notes, texts, tables, links and files that you add here are given to every answer.",
        class_name="meta",
    )
    items = rx.el.ul(rx.foreach(DataState.items, _item), class_name="bare data-items", aria_label="Data")
    return rx.cond(DataState.items, items, nothing)


def _removed() -> rx.Component:
    return rx.el.div(
        rx.el.span("Removed “", DataState.removed_title, "”.", class_name="grow clip"),
        ui.ghost_button("Undo", size="small", on_click=DataState.undo),
        ui.icon_button("Close", "x", size="small", on_click=DataState.forget_removed),
        class_name="row callout neutral",
        role="status",
    )


def kind_sign(kind: rx.Var[str] | str) -> rx.Component:
    """The icon of a kind of data; its name stands in words beside it."""
    return rx.match(kind, *[(name, rx.icon(icon, size=15)) for name, icon in ICONS.items()], rx.icon("file", size=15))


def file_state(state: rx.Var[str]) -> rx.Component:
    """How far a file is read, in a word."""
    return rx.match(
        state,
        ("reading", ui.badge("reading", "iris")),
        ("failed", ui.badge("not read", "red")),
        rx.fragment(),
    )


def _item(item: DataView) -> rx.Component:
    open_it = rx.el.button(
        rx.el.span(item.title, class_name="title clip"),
        rx.el.span(item.about, class_name="meta clip"),
        type="button",
        class_name="open grow",
        on_click=DataEditorState.show(item.id),
        aria_label="Open " + item.title,
    )
    return rx.el.li(
        rx.el.span(kind_sign(item.kind), class_name="lead", aria_hidden="true"),
        open_it,
        file_state(item.state),
        rx.cond(item.left_out, ui.badge("left out"), rx.fragment()),
        rx.cond(ThreadState.may_write, _menu(item), rx.fragment()),
        class_name=rx.cond(item.left_out, "row data-item left-out", "row data-item"),
        key=item.id,
    )


def _menu(item: DataView) -> rx.Component:
    return ui.row_menu(
        "Actions for " + item.title,
        ui.MenuItem("Open", DataEditorState.show(item.id), "pencil"),
        ui.MenuItem("Leave out", DataState.toggle(item.id), "eye_off", shown=~item.left_out),
        ui.MenuItem("Take in again", DataState.toggle(item.id), "eye", shown=item.left_out),
        ui.MenuItem("Read its page", DataState.read_page(item.id), "book_open", shown=item.kind == "link"),
        ui.MenuItem("Try to read it again", DataState.read_again(item.id), "rotate_cw", shown=item.state == "failed"),
        ui.MenuItem("Remove", DataState.remove(item.id), "trash_2", danger=True),
    )
