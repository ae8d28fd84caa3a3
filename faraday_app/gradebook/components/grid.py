"""The grid of a class: its frame. What is in it lives in the browser (``scripts/grades``)."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.components.changes import changes
from faraday_app.gradebook.components.importing import import_button
from faraday_app.gradebook.components.receipt import receipt
from faraday_app.gradebook.components.wording import in_words
from faraday_app.gradebook.state import GradebookState, ReceiptState
from faraday_app.gradebook.state.importing import ImportState

FIND = "Find a student"
FILTERS = (("m", "Missing work"), ("l", "Late"), ("s", "To grade"), ("u", "Not posted"))

SCRIPTS = ("grid", "asking", "editing", "folding", "phone", "store", "view")


def preloaded() -> rx.Component:
    """The grid's scripts are asked for with the page, not when it knows who looks at it."""
    return rx.fragment(*(rx.el.link(rel="modulepreload", href=f"/scripts/grades/{name}.js") for name in SCRIPTS))


def toolbar() -> rx.Component:
    """Filters; the browser alone sees to them."""
    chips = [
        rx.el.button(
            label, type="button", class_name="chip", aria_pressed="false", custom_attrs={"data-grid-filter": tag}
        )
        for tag, label in FILTERS
    ]
    others = rx.el.span(
        GradebookState.others, class_name="muted clip", role="status", aria_live="polite", style={"marginLeft": "auto"}
    )
    return rx.el.div(
        rx.el.input(
            id="grid-find", type="search", class_name="input", placeholder="Find a student", aria_label="Find a student"
        ),
        _choice("grid-section", "Section"),
        _choice("grid-group", "Group"),
        *chips,
        rx.el.button(
            rx.icon("undo_2", size=15), "Undo", id="grid-undo", type="button", class_name="button ghost", disabled=True
        ),
        ui.download_link(
            rx.icon("download", size=15),
            "Export",
            to="/api/v1/gradebook/classes/" + GradebookState.id + "/export?format=xlsx",
            name="grades.xlsx",
            class_name="button ghost",
        ),
        import_button(),
        others,
        class_name="grid-bar",
    )


def _choice(id: str, label: str) -> rx.Component:
    return rx.el.select(id=id, class_name="input", aria_label=label, hidden=True)


def status() -> rx.Component:
    return rx.el.span("all saved", id="grid-status", class_name="badge green", role="status", aria_live="polite")


def grid() -> rx.Component:
    return rx.el.div(
        rx.el.div(id="grid-place"),
        rx.el.div(
            ui.empty_state("table_2", "Nothing to grade yet", "Add students to the class, and publish an assignment."),
            id="grid-empty",
            class_name="grid-message",
            hidden=True,
        ),
        rx.el.div(
            ui.empty_state("search_x", "No student matches", "Change what you look for, or take a filter away."),
            id="grid-none",
            class_name="grid-message",
            hidden=True,
        ),
        rx.el.textarea(id="grid-outbox", hidden=True, aria_hidden="true", tab_index=-1, on_change=GradebookState.hear),
        rx.el.div(id="grid-told", class_name="grid-told", role="status", aria_live="polite"),
        rx.el.script(src="/scripts/grades/grid.js", custom_attrs={"type": "module", "async": True}),
        id="gradebook",
        aria_busy="true",
        custom_attrs={
            "data-class": GradebookState.id,
            "data-revision": GradebookState.revision,
            "data-imported": ImportState.batch,
            "data-unsaved": "false",
        },
    )


def inspector() -> rx.Component:
    """The receipt of the chosen student's total, and the last line about the chosen cell."""
    which = ui.check_field(
        "explain-final", "Explain the final total", checked=ReceiptState.final, on_change=ReceiptState.set_final
    )
    last = rx.cond(
        ReceiptState.last,
        rx.el.p(rx.icon("history", size=14), rx.el.span(ReceiptState.last), class_name="meta row"),
        rx.fragment(),
    )
    nobody = rx.el.p("Choose a cell, and read here how the student's total comes about.", class_name="muted")
    words = in_words(GradebookState.id, ReceiptState.receipt, ReceiptState.final)
    since = changes(GradebookState.id, ReceiptState.receipt)
    return rx.cond(ReceiptState.receipt.student_id, receipt(ReceiptState.receipt, words, which, last, since), nobody)
