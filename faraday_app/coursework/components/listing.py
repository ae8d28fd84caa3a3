"""Lists of work: what is due, and what waits to be graded."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.state.listing import WorkState
from faraday_app.coursework.work_views import WorkRow, WorkSection

NOTHING_DUE = "Nothing is due. What your teachers set stands here, with its date and what it is worth."
NOTHING_SET = "None of your classes has work yet. Open a class to set some."


def work_list() -> rx.Component:
    """For students and parents what is due, for teachers all their classes' work; for who is both, both."""
    nothing = ui.empty_state("clipboard_check", "Nothing here", rx.cond(WorkState.child, NOTHING_DUE, NOTHING_SET))
    is_empty = (WorkState.sections.length() == 0) & (WorkState.taught.length() == 0)
    found = rx.fragment(
        rx.foreach(WorkState.taught, lambda section: _section(section, _taught)),
        rx.foreach(WorkState.sections, lambda section: _section(section, _due)),
        rx.cond(is_empty, nothing, rx.fragment()),
    )
    return rx.el.div(
        rx.cond(WorkState.children.length() > 1, _children(), rx.fragment()),
        rx.cond(
            WorkState.error,
            ui.error_state(WorkState.error, WorkState.refresh),
            rx.cond(WorkState.loaded, found, ui.skeleton_table()),
        ),
        class_name="stack",
    )


def _children() -> rx.Component:
    def pill(child: rx.Var[tuple[str, str]]) -> rx.Component:
        return ui.filter_chip(child[1], on=WorkState.child == child[0], on_click=WorkState.show(child[0]))

    return rx.el.div(
        rx.foreach(WorkState.children, pill), class_name="row wrap", role="group", aria_label="Whose work to show"
    )


def _section(section: WorkSection, row: object) -> rx.Component:
    return rx.el.section(
        rx.el.h2(section.title),
        rx.el.div(ui.rows(rx.foreach(section.rows, row)), class_name="panel"),
        class_name="stack",
        aria_label=section.title,
    )


def _due(row: WorkRow) -> rx.Component:
    return ui.row_item(
        row.title,
        row.about,
        trailing=ui.badge(row.badge, row.tone),
        to="/assignment?id=" + row.id,
        key=row.id + row.title,
    )


def _taught(row: WorkRow) -> rx.Component:
    waiting = rx.cond(row.waiting, ui.badge(row.waiting, "amber"), rx.fragment())
    counts = rx.el.span(row.counts, class_name="meta desk-only")
    return ui.row_item(
        row.title,
        row.about,
        trailing=rx.fragment(waiting, counts, ui.badge(row.badge, row.tone)),
        to="/assignment?id=" + row.id,
        key=row.id,
    )
