"""A receipt in words."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.state.wording import WordingState


def in_words(class_id: rx.Var[str], receipt: Any, final: rx.Var[bool] | bool = False) -> rx.Component:
    """Below a receipt (a ``ReceiptView``); only for whoever may ask models."""
    said = WordingState.said
    mine = (said.student_id == receipt.student_id) & (said.question == receipt.question)
    button = ui.secondary_button(
        "Say it in words",
        icon="message_square_text",
        size="small",
        busy=mine & said.busy,
        disabled=mine & said.busy,
        on_click=WordingState.ask(class_id, receipt.student_id, receipt.question, final),
    )
    found = rx.el.div(
        rx.cond(said.sentence != "", _sentence(), rx.fragment()),
        rx.cond(said.problem != "", rx.el.p(said.problem, class_name="muted"), rx.fragment()),
        role="status",
    )
    shown = rx.el.div(button, rx.cond(mine, found, rx.fragment()), class_name="stack")
    return rx.cond(ui.allowed(Permission.assistant_use) & (receipt.current != "—"), shown, rx.fragment())


def _sentence() -> rx.Component:
    return rx.el.div(
        rx.el.p(WordingState.said.sentence),
        ui.meta(WordingState.said.origin),
        class_name="receipt-goal",
    )
