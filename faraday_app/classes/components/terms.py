"""The parts of the page of terms."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.fields import problem
from faraday_app.classes.state.terms import TermEditorState, TermsState
from faraday_app.classes.views import PeriodView, TermView


def term_list() -> rx.Component:
    nothing = ui.empty_state(
        "calendar_range",
        "No terms yet",
        "Make the term that runs now: classes belong to one.",
        ui.secondary_button("New term", icon="plus", on_click=TermEditorState.new_term),
    )
    empty = rx.cond(TermsState.loading, ui.skeleton_lines(4), nothing)
    shown = rx.cond(
        TermsState.rows.length() > 0, rx.el.div(rx.foreach(TermsState.rows, _term), class_name="stack"), empty
    )
    pages = ui.pager(
        TermsState.shown,
        on_previous=TermsState.previous_page,
        on_next=TermsState.next_page,
        has_previous=TermsState.has_previous,
        has_next=TermsState.has_next,
    )
    found = rx.fragment(shown, pages)
    return rx.cond(TermsState.error, ui.error_state(TermsState.error, TermsState.refresh), found)


def _term(row: TermView) -> rx.Component:
    acts = rx.el.span(
        ui.ghost_button("Period", icon="plus", size="small", on_click=TermEditorState.new_period(row.id)),
        ui.row_menu(
            "Actions for " + row.name,
            ui.MenuItem("Change…", TermEditorState.edit(row.id), "pencil"),
            ui.MenuItem("Remove…", TermEditorState.ask_remove(row.id), "x", True),
        ),
        class_name="row",
    )
    none = rx.el.p("No grading periods: the whole term is graded as one.", class_name="muted")
    parts = rx.cond(row.periods.length() > 0, ui.rows(rx.foreach(row.periods, _period)), none)
    about = rx.el.span(row.days, ui.badge(row.now, row.tone), class_name="row")
    return rx.el.div(ui.tile(row.name, "calendar_range", parts, action=acts, caption=about), key=row.id)


def _period(row: PeriodView) -> rx.Component:
    closed = row.closed != ""
    state = rx.cond(closed, ui.badge(row.closed, "amber", "lock"), rx.fragment())
    acts = ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Close: grades stay as they are", TermsState.close_period(row.id), "lock", shown=~closed),
        ui.MenuItem("Reopen", TermsState.reopen_period(row.id), "lock_open", shown=closed),
        ui.MenuItem("Change…", TermEditorState.edit(row.id), "pencil", shown=~closed),
        ui.MenuItem("Remove…", TermEditorState.ask_remove(row.id), "x", True, ~closed),
    )
    weight = rx.cond(row.weight, " · " + row.weight, "")
    return ui.row_item(row.name, rx.fragment(row.days, weight), trailing=rx.fragment(state, acts), key=row.id)


def term_dialogs() -> rx.Component:
    period = TermEditorState.is_period
    weight = ui.text_field(
        "period_weight",
        "Weight in percent",
        default_value=TermEditorState.weight,
        help="Of the course total, in classes that weigh periods. Empty: none.",
        input_mode="decimal",
        auto_complete="off",
    )
    form = rx.el.form(
        ui.text_field(
            "term_name", "Name", default_value=TermEditorState.name, required=True, max_length=80, auto_complete="off"
        ),
        rx.el.div(
            _day("term_starts", "First day", TermEditorState.starts),
            _day("term_ends", "Last day", TermEditorState.ends),
            class_name="pair",
        ),
        rx.cond(period, weight, rx.fragment()),
        problem(TermEditorState.error),
        rx.el.div(ui.primary_button("Save", type="submit"), class_name="dialog-foot"),
        on_submit=TermEditorState.save,
        class_name="stack",
    )
    editing = ui.dialog(
        rx.cond(
            period,
            rx.cond(TermEditorState.is_new, "New grading period", "Change grading period"),
            rx.cond(TermEditorState.is_new, "New term", "Change term"),
        ),
        rx.cond(
            period,
            "Grading periods of a term do not overlap. Each assignment counts in the one its due date falls in.",
            "Both days belong to it.",
        ),
        form,
        open=TermEditorState.open,
        on_open_change=TermEditorState.set_open,
    )
    removing = ui.confirm_dialog(
        "Remove " + TermEditorState.name + "?",
        rx.cond(
            period,
            "What was graded in it counts as if there had been no such period. Totals may change.",
            "Only a term without classes can be removed.",
        ),
        open=TermEditorState.removing,
        on_open_change=TermEditorState.set_removing,
        confirm="Remove",
        on_confirm=TermEditorState.remove,
    )
    return rx.fragment(editing, removing)


def _day(name: str, label: str, value: rx.Var[str]) -> rx.Component:
    return ui.text_field(name, label, type="date", default_value=value, required=True)
