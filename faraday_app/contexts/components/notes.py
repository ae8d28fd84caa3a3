"""The notes that those in a conversation write together: everybody's caret is seen, and all of it is live."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.merging import conflict_dialog
from faraday_app.contexts.service.notes import LONGEST
from faraday_app.contexts.state import NotesState, ThreadState
from faraday_app.contexts.version_views import CaretView


def notes() -> rx.Component:
    """For the side pane. What is typed lives in the browser (`scripts/notes.js`) until it is heard."""
    begins = rx.el.p("Notes begin with the conversation: send a first message.", class_name="muted")
    return rx.cond(ThreadState.id, rx.fragment(_notes(), _conflict()), begins)


def _notes() -> rx.Component:
    waiting = rx.el.div(
        ui.callout("Somebody changed the same lines. Nothing is lost: choose what shall stand.", "amber"),
        ui.secondary_button("Choose", size="small", on_click=NotesState.set_choosing(True)),
        class_name="stack",
        role="alert",
    )
    help = rx.cond(
        NotesState.may_write,
        "Everybody here sees each change as you type. Whoever answers reads them.",
        "You can read along.",
    )
    return rx.el.div(
        rx.el.h2("Shared notes"),
        rx.cond(NotesState.held & ~NotesState.choosing, waiting, rx.fragment()),
        _paper(),
        rx.cond(NotesState.problem, rx.el.p(NotesState.problem, class_name="error", role="alert"), rx.fragment()),
        _others(),
        rx.el.p(help, class_name="meta"),
        rx.el.div(NotesState.text, id="notes-truth", hidden=True),
        rx.el.div(NotesState.mine, id="notes-mine", hidden=True),
        rx.el.textarea(id="notes-outbox", hidden=True, aria_hidden="true", tab_index=-1, on_change=NotesState.hear),
        id="notes",
        class_name="stack notes",
        custom_attrs={
            "data-context": NotesState.id,
            "data-version": NotesState.version,
            "data-heard": NotesState.heard,
            "data-refused": NotesState.refused,
            "data-replaced": NotesState.replaced,
            "data-held": rx.cond(NotesState.held, "true", "false"),
        },
    )


def _paper() -> rx.Component:
    return rx.el.div(
        rx.el.textarea(
            id="notes-text",
            class_name="input",
            aria_label="Shared notes",
            placeholder="What you find out together",
            read_only=~NotesState.may_write | NotesState.held,
            max_length=LONGEST,
            spell_check=True,
        ),
        rx.el.div(rx.foreach(NotesState.carets, _caret), class_name="notes-marks", aria_hidden="true"),
        class_name="notes-paper",
    )


def _caret(caret: CaretView) -> rx.Component:
    return rx.el.span(
        rx.el.span(caret.name),
        class_name=rx.Var.create("caret-mark ") + caret.tone,
        custom_attrs={"data-at": caret.at},
        key=caret.key + caret.at.to_string(),
    )


def _others() -> rx.Component:
    """Who is in the notes, in words too."""
    names = rx.foreach(
        NotesState.carets, lambda caret: rx.el.span(ui.presence_dot("green"), caret.name, class_name="row")
    )
    return rx.cond(
        NotesState.carets,
        rx.el.div(rx.el.span("In the notes:", class_name="meta"), names, class_name="row wrap meta", role="status"),
        rx.fragment(),
    )


def _conflict() -> rx.Component:
    return conflict_dialog(
        NotesState, "Somebody else changed the same lines. Choose what shall stand; both texts stay in the history."
    )
