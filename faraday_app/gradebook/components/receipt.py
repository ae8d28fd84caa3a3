"""How a total came about, line by line."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.views import LineView


def receipt(view: Any, *more: rx.Component, named: bool = True) -> rx.Component:
    """Of any state's ``ReceiptView``; not ``named`` where the student's name stands above it already."""
    name = rx.el.h2(view.name) if named else rx.fragment()
    return rx.el.div(
        rx.el.div(name, rx.el.p(view.question, class_name="muted")),
        rx.el.div(
            rx.foreach(view.lines, line),
            _line("Current", "", view.current, "receipt-line total"),
            _line("Final, ungraded as 0", "", view.final, "receipt-line muted"),
        ),
        rx.cond(
            view.goal,
            rx.el.div(
                rx.el.div(view.goal, class_name="strong"),
                rx.el.div(view.goal_words, class_name="muted"),
                class_name="receipt-goal",
            ),
            rx.fragment(),
        ),
        *more,
        class_name="stack receipt",
    )


def line(each: rx.Var[LineView]) -> rx.Component:
    return _line(each.title, each.note, each.figure, "receipt-line")


def _line(title: Any, note: Any, figure: Any, name: str) -> rx.Component:
    words = rx.el.div(
        rx.el.div(title, class_name="strong" if name == "receipt-line" else ""),
        rx.cond(note, ui.meta(note), rx.fragment()),
        class_name="grow",
    )
    return rx.el.div(words, rx.el.span(figure, class_name="num"), class_name=name)
