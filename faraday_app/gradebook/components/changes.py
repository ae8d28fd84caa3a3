"""Why a total changed since a moment."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.components.receipt import line
from faraday_app.gradebook.state.changes import ChangesState

ASK = "Why did it change since …"


def changes(class_id: rx.Var[str], receipt: Any) -> rx.Component:
    """Below a receipt (a ``ReceiptView``): a moment to choose, and what is another since then."""
    student_id = receipt.student_id
    choice = rx.el.select(
        rx.el.option(ASK, value=""),
        rx.el.option("Yesterday", value="yesterday"),
        rx.el.option("A week ago", value="week"),
        rx.cond(receipt.period != "", rx.el.option("Start of ", receipt.period, value="period"), rx.fragment()),
        rx.el.option("A day …", value="day"),
        aria_label=ASK,
        default_value="",
        on_change=lambda value: ChangesState.choose(class_id, student_id, value),
        class_name="input",
        key=student_id,
    )
    mine = ChangesState.changed.student_id == student_id
    return rx.el.div(choice, rx.cond(mine, _found(class_id, student_id), rx.fragment()), class_name="stack changes")


def _found(class_id: rx.Var[str], student_id: rx.Var[str]) -> rx.Component:
    found = ChangesState.changed
    day = rx.el.input(
        type="date",
        aria_label="Since which day",
        class_name="input",
        on_change=lambda value: ChangesState.choose_day(class_id, student_id, value),
    )
    return rx.fragment(
        rx.cond(found.asks_for_day, day, rx.fragment()),
        rx.cond(found.problem != "", rx.el.p(found.problem, class_name="error", role="alert"), rx.fragment()),
        rx.cond(found.title != "", rx.el.p(found.title, class_name="strong num", role="status"), rx.fragment()),
        rx.el.div(rx.foreach(found.lines, line)),
        rx.cond(
            (found.title != "") & (found.lines.length() > 0),
            ui.meta("Of the current total, as far as you could see it then and may now."),
            rx.fragment(),
        ),
    )
