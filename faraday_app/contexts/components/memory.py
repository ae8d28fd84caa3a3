"""What is remembered: a tab beside the conversation, a list of all, and the dialog that changes one."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.memory_views import KINDS, SCOPES, MemoryView
from faraday_app.contexts.service.memory import LONGEST
from faraday_app.contexts.state import MemoriesState, MemoryEditorState, MemoryTabState, ThreadState


def memory_label() -> rx.Component:
    """With how much waits to be decided."""
    count = MemoryTabState.waiting.length()
    return rx.el.span("Memory", rx.cond(count > 0, ui.badge(count, "amber"), rx.fragment()), class_name="row")


def memory_tab() -> rx.Component:
    begun = rx.cond(ThreadState.id, _of_conversation(), rx.el.p("Begin the conversation first.", class_name="muted"))
    return rx.el.div(begun, class_name="stack")


def _of_conversation() -> rx.Component:
    empty = rx.el.p("Nothing is remembered from here yet.", class_name="muted")
    kept = ui.rows(rx.foreach(MemoryTabState.kept, _kept))
    write = ui.secondary_button(
        "Remember something", icon="plus", size="small", on_click=MemoryEditorState.begin(ThreadState.id)
    )
    return rx.fragment(
        rx.cond(MemoryTabState.waiting.length() > 0, _waiting(), rx.fragment()),
        rx.el.h2("Remembered"),
        rx.cond(MemoryTabState.kept.length() > 0, kept, empty),
        rx.el.div(
            rx.cond(MemoryTabState.may_write, write, rx.fragment()),
            ui.link("All your memory", to="/account/memory"),
            class_name="row wrap",
        ),
        rx.cond(MemoryTabState.may_write, _switch(), rx.fragment()),
    )


def _switch() -> rx.Component:
    control = rx.el.input(
        type="checkbox",
        id="proposing",
        checked=MemoryTabState.proposing,
        on_change=MemoryTabState.set_proposing,
    )
    about = (
        "After an answer the same model looks for what is worth remembering. It costs credits, and you decide what"
        " stays."
    )
    text = rx.el.span(rx.el.span("Let GPTs propose memories"), rx.el.br(), rx.el.span(about, class_name="meta"))
    spent = rx.el.p(MemoryTabState.spent, class_name="meta num")
    return rx.fragment(
        rx.el.label(control, text, class_name="check"), rx.cond(MemoryTabState.spent, spent, rx.fragment())
    )


def _waiting() -> rx.Component:
    heading = rx.el.h2("Wants to remember")
    return rx.fragment(heading, rx.el.div(rx.foreach(MemoryTabState.waiting, _proposal), class_name="stack"))


def _proposal(row: MemoryView) -> rx.Component:
    """What would be remembered, and the three things that can be done about it."""
    acts = rx.el.div(
        ui.primary_button("Keep", size="small", on_click=MemoryTabState.keep(row.id, row.version)),
        ui.secondary_button("Edit", size="small", on_click=MemoryEditorState.edit(row.id)),
        ui.ghost_button("Dismiss", size="small", on_click=MemoryTabState.dismiss(row.id, row.version)),
        class_name="row wrap",
        role="group",
        aria_label="Decide about: " + row.text,
    )
    return rx.el.div(
        rx.el.p(rx.el.strong(row.text)),
        rx.el.p(row.kind, " · ", _here(row), " · ", row.source, class_name="meta"),
        rx.cond(row.changes, acts, rx.fragment()),
        class_name="callout neutral memory-proposal",
        key=row.id,
    )


def _here(row: MemoryView) -> rx.Component:
    """Whose it is, beside the conversation that it may be of."""
    return rx.cond(row.scope == "context", rx.fragment("this conversation"), rx.fragment(row.where))


def _kept(row: MemoryView) -> rx.Component:
    menu = ui.row_menu(
        "Actions for: " + row.text,
        ui.MenuItem("Edit", MemoryEditorState.edit(row.id), "pencil"),
        ui.MenuItem("Forget", MemoryTabState.forget(row.id), "trash_2", danger=True),
    )
    return ui.row_item(
        rx.el.span(row.text, class_name="memory-text"),
        rx.fragment(row.kind, " · ", _here(row), " · ", row.used),
        trailing=rx.cond(row.changes, menu, rx.fragment()),
        key=row.id,
    )


def memories_filters() -> rx.Component:
    undo = ui.secondary_button("Undo", size="small", icon="undo_2", on_click=MemoriesState.bring_back)
    return rx.fragment(
        ui.filter_bar(
            ui.search_field("Search memory", MemoriesState.search, MemoriesState.set_search),
            ui.filter_select("Kind", [("", "Any kind"), *KINDS], MemoriesState.kind, MemoriesState.set_kind),
            ui.filter_select("For", [("", "For anybody"), *SCOPES], MemoriesState.scope, MemoriesState.set_scope),
        ),
        rx.cond(
            MemoriesState.last_forgotten,
            ui.callout(rx.el.span("One memory was forgotten. ", undo, class_name="row wrap"), "neutral"),
            rx.fragment(),
        ),
    )


def memories_table() -> rx.Component:
    write = ui.secondary_button("Remember something", icon="plus", on_click=MemoryEditorState.begin(""))
    return ui.data_table(
        "Memory",
        [
            ui.Column("What", _what, width="46%"),
            ui.Column("Kind", lambda row: ui.badge(row.kind)),
            ui.Column("For", _where),
            ui.Column("Used", lambda row: rx.el.span(row.used, class_name="muted"), phone="hide"),
        ],
        MemoriesState.rows,
        empty=ui.Empty(
            "brain",
            "Nothing is remembered yet",
            "Write down what answers should know of you, or let GPTs propose it beside a conversation.",
            write,
        ),
        loading=MemoriesState.loading,
        error=MemoriesState.error,
        retry=MemoriesState.refresh,
        filtered=(MemoriesState.search != "") | (MemoriesState.kind != "") | (MemoriesState.scope != ""),
        menu=_menu,
        footer=ui.pager(
            MemoriesState.shown,
            on_previous=MemoriesState.previous_page,
            on_next=MemoriesState.next_page,
            has_previous=MemoriesState.has_previous,
            has_next=MemoriesState.has_next,
        ),
    )


def _what(row: MemoryView) -> rx.Component:
    aside = rx.cond(row.aside, ui.badge("set aside by an older version", "neutral"), rx.fragment())
    waits = rx.cond(row.waits, ui.badge("to be decided", "amber"), aside)
    return rx.el.span(
        rx.el.span(row.text, class_name="memory-text"),
        rx.el.span(row.source, " ", waits, class_name="meta"),
        class_name="memory-cell",
    )


def _where(row: MemoryView) -> rx.Component:
    place: Any = ui.link(row.where, to="/assistant/" + row.conversation)
    linked = (row.scope == "context") & (row.conversation != "")
    return rx.cond(linked, place, rx.el.span(row.where))


def _menu(row: MemoryView) -> rx.Component:
    menu = ui.row_menu(
        "Actions for: " + row.text,
        ui.MenuItem("Keep", MemoriesState.keep(row.id, row.version), "check", shown=row.waits | row.aside),
        ui.MenuItem("Edit", MemoryEditorState.edit(row.id), "pencil"),
        ui.MenuItem("Dismiss", MemoriesState.dismiss(row.id, row.version), "x", shown=row.waits),
        ui.MenuItem("Forget", MemoriesState.forget(row.id), "trash_2", danger=True, shown=~row.waits),
    )
    return rx.cond(row.changes, menu, rx.fragment())


def memory_dialog() -> rx.Component:
    return ui.dialog(
        rx.cond(MemoryEditorState.id, "Edit what is remembered", "Remember something"),
        "Later answers are given it where it fits the question.",
        _form(),
        open=MemoryEditorState.open,
        on_open_change=MemoryEditorState.set_open,
    )


def _form() -> rx.Component:
    problem = rx.el.div(ui.callout(MemoryEditorState.problem, "red"), role="alert")
    scope = ui.select_field("scope", "For", MemoryEditorState.scopes, default_value=MemoryEditorState.scope)
    return rx.el.form(
        rx.cond(MemoryEditorState.problem, problem, rx.fragment()),
        ui.textarea_field(
            "text", "What", default_value=MemoryEditorState.text, rows=3, max_length=LONGEST, required=True
        ),
        ui.select_field("kind", "Kind", KINDS, default_value=MemoryEditorState.kind),
        rx.cond(MemoryEditorState.scopes.length() > 1, scope, rx.fragment()),
        rx.el.div(
            ui.secondary_button("Cancel", on_click=MemoryEditorState.set_open(False)),
            ui.primary_button(rx.cond(MemoryEditorState.waits, "Keep", "Save"), type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=MemoryEditorState.save,
        class_name="stack",
        key=MemoryEditorState.id,
    )
