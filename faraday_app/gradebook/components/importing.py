"""A file of grades: chosen, looked at, entered, and taken back if it was the wrong one."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.import_views import PlannedView, RejectedView
from faraday_app.gradebook.state.gradebook import GradebookState
from faraday_app.gradebook.state.importing import FIELD, ImportState

TAKES = "The file that Export writes, or a CSV or XLSX with a column of students. You see first what it would change."


def import_button() -> rx.Component:
    button = ui.ghost_button("Import", icon="upload", on_click=ImportState.begin(GradebookState.id))
    return rx.cond(GradebookState.can_grade, button, rx.fragment())


def import_dialog() -> rx.Component:
    field = rx.el.input(type="file", id=FIELD, accept=".csv,.xlsx", class_name="input")
    look = ui.primary_button("Look at it", icon="scan_search", on_click=ImportState.look, busy=ImportState.busy)
    # The field stays where it is: the same file is sent again to be entered.
    choose = rx.el.div(
        ui.form_field(FIELD, "File", field, TAKES),
        rx.el.div(look, class_name="dialog-foot"),
        hidden=ImportState.step != "choose",
    )
    return ui.dialog(
        "Grades from a spreadsheet",
        "An empty cell leaves a grade as it is, “-” clears it.",
        rx.cond(ImportState.problem != "", ui.callout(ImportState.problem, "red"), rx.fragment()),
        choose,
        rx.match(ImportState.step, ("look", _look()), ("done", _done()), rx.fragment()),
        open=ImportState.open,
        on_open_change=ImportState.set_open,
        width="680px",
    )


def _look() -> rx.Component:
    reason = rx.cond(
        ImportState.needs_reason,
        ui.text_field(
            "reason",
            "Why posted grades change",
            help="It stays in the ledger of each of them.",
            max_length=400,
            placeholder="Second marker, typing error …",
        ),
        rx.fragment(),
    )
    enter = ui.primary_button("Enter these grades", type="submit", busy=ImportState.busy)
    return rx.el.form(
        rx.el.p(ImportState.summary, class_name="strong", role="status"),
        rx.cond(ImportState.rows.length() > 0, _changes(), rx.fragment()),
        _rejected("What cannot be taken"),
        reason,
        rx.el.div(
            ui.secondary_button("Another file", on_click=ImportState.other_file),
            rx.cond(ImportState.count > 0, enter, rx.fragment()),
            class_name="dialog-foot",
        ),
        on_submit=ImportState.apply,
        class_name="stack",
    )


def _done() -> rx.Component:
    back = ui.secondary_button("Take it back", icon="undo_2", on_click=ImportState.take_back)
    return rx.el.div(
        rx.el.p(ImportState.summary, class_name="strong", role="status"),
        _rejected("What was not entered"),
        rx.el.div(
            rx.cond(ImportState.batch != "", back, rx.fragment()),
            ui.primary_button("Done", on_click=ImportState.set_open(False)),
            class_name="dialog-foot",
        ),
        class_name="stack",
    )


def _changes() -> rx.Component:
    head = rx.el.tr(*(rx.el.th(words, scope="col") for words in ("Student", "Assignment", "Change")))
    table = rx.el.table(rx.el.thead(head), rx.el.tbody(rx.foreach(ImportState.rows, _row)), class_name="policy-table")
    return rx.el.div(table, class_name="policy-scroll", tab_index=0, role="region", aria_label="What would change")


def _row(row: rx.Var[PlannedView]) -> rx.Component:
    posted = rx.cond(row.posted, ui.badge("posted", "amber"), rx.fragment())
    change = rx.el.span(row.now, " → ", rx.el.b(row.then), " ", posted, class_name="num")
    return rx.el.tr(rx.el.td(row.student), rx.el.td(row.assignment), rx.el.td(change), key=row.key)


def _rejected(title: str) -> rx.Component:
    listed = rx.el.ul(rx.foreach(ImportState.rejected, _wrong), class_name="bare policy-scroll", tab_index=0)
    found = rx.el.div(rx.el.h3(title, class_name="h2"), listed, class_name="posting-set")
    return rx.cond(ImportState.rejected.length() > 0, found, rx.fragment())


def _wrong(wrong: rx.Var[RejectedView]) -> rx.Component:
    return rx.el.li(ui.badge(wrong.where, "amber"), rx.el.span(wrong.why), class_name="row import-wrong")
