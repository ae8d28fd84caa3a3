"""A class's grades for a student or a parent."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.components.changes import changes
from faraday_app.gradebook.components.receipt import receipt
from faraday_app.gradebook.components.wording import in_words
from faraday_app.gradebook.state import GradebookState
from faraday_app.gradebook.state.reports import ClassTotalsState, OwnState
from faraday_app.gradebook.views import ClassTotalView, OwnView, WorkView


def own() -> rx.Component:
    """Each child with the work, the totals and how they came about."""
    return rx.el.div(rx.foreach(OwnState.children, _child), class_name="stack content")


def _child(child: rx.Var[OwnView]) -> rx.Component:
    supposed = rx.cond(
        child.guessed != "",
        rx.el.div(
            rx.el.p(child.guessed, role="status", class_name="strong"),
            ui.ghost_button("Forget these", on_click=OwnState.suppose_nothing),
            class_name="row",
        ),
        rx.el.p("What if? Put a score in, and see what would come of it. Nothing of it is kept.", class_name="meta"),
    )
    figures = child.receipt
    total = rx.el.span(figures.current, " ", figures.current_letter, class_name="num", aria_label="Current total")
    return rx.el.section(
        rx.el.div(rx.el.h2(child.name, class_name="grow"), total, class_name="row own-head"),
        rx.el.div(
            rx.el.div(
                supposed,
                rx.cond(child.problem != "", rx.el.p(child.problem, class_name="error", role="alert"), rx.fragment()),
                rx.el.ul(rx.foreach(child.work, lambda work: _work(child, work)), class_name="bare"),
                class_name="grow stack",
            ),
            rx.el.aside(
                receipt(
                    child.receipt,
                    in_words(GradebookState.id, child.receipt),
                    changes(GradebookState.id, child.receipt),
                    named=False,
                ),
                class_name="own-receipt",
                aria_label="How it came about",
            ),
            class_name="own-columns",
        ),
        class_name="stack",
        key=child.student_id,
        aria_label=child.name,
    )


def _work(child: rx.Var[OwnView], work: rx.Var[WorkView]) -> rx.Component:
    guess = rx.el.input(
        class_name="input num",
        default_value=work.guess,
        placeholder="if …",
        aria_label="What if: " + work.title,
        on_blur=lambda value: OwnState.suppose(child.student_id, work.id, value),
    )
    return rx.el.li(
        rx.el.div(rx.el.div(work.title, class_name="strong clip"), ui.meta(work.group), class_name="grow"),
        rx.cond(work.note != "", ui.badge(work.note, "amber"), rx.fragment()),
        rx.el.span(work.score, rx.cond(work.of != "", " / " + work.of, ""), class_name="num"),
        guess,
        class_name="phone-line",
        key=work.id,
    )


def class_totals() -> rx.Component:
    empty = ui.empty_state("table_2", "No classes yet", "Once you are in a class, its grades are here.")
    listed = ui.rows(rx.foreach(ClassTotalsState.rows, _class))
    return rx.cond(
        ClassTotalsState.rows.length() > 0,
        listed,
        rx.cond(ClassTotalsState.ready, empty, ui.skeleton_lines(4)),
    )


def _class(row: rx.Var[ClassTotalView]) -> rx.Component:
    figure = rx.el.span(row.percent, " ", rx.el.span(row.letter, class_name="muted"), class_name="num strong")
    return ui.row_item(row.name, row.meta, trailing=figure, to="/class/gradebook?id=" + row.id, key=row.key)
