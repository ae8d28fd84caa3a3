"""The dialog that tells how an answer came about."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.quote_views import GivenView
from faraday_app.contexts.state import WhyState
from faraday_app.gateway.views.receipts import ABOUT_SENT, SENT_IS_GONE


def why_dialog() -> rx.Component:
    return ui.dialog(
        "Why this model",
        "Which way the question went and what the model was given, as it was at that moment.",
        rx.cond(WhyState.routed, ui.explanation(WhyState.shown), rx.fragment()),
        _sent(),
        rx.cond(WhyState.note, _given(), rx.fragment()),
        open=WhyState.open,
        on_open_change=WhyState.set_open,
        width="600px",
    )


def _sent() -> rx.Component:
    look = ui.secondary_button("What was sent", icon="eye", size="small", on_click=WhyState.look)
    texts = ui.explained_texts(ABOUT_SENT, SENT_IS_GONE, texts=WhyState.sent, looked=WhyState.looked, look=look)
    return rx.cond(WhyState.hides, texts, rx.fragment())


def _given() -> rx.Component:
    """Thing by thing, for whoever may write in the conversation."""
    return rx.el.section(
        rx.el.h3("What the model was given"),
        rx.el.p(WhyState.note, class_name="meta"),
        ui.rows(rx.foreach(WhyState.given, _line)),
        class_name="explanation",
    )


def _line(line: GivenView) -> rx.Component:
    act = rx.cond(
        line.left_out,
        ui.secondary_button(
            "Take in again",
            size="small",
            on_click=WhyState.take_in(line.key),
            aria_label="Take in again: " + line.title,
        ),
        ui.secondary_button(
            "Leave out from now on",
            size="small",
            on_click=WhyState.leave_out(line.key),
            aria_label="Leave out from now on: " + line.title,
        ),
    )
    trailing = rx.fragment(ui.badge(line.state, line.tone), rx.cond(line.key, act, rx.fragment()))
    return ui.row_item(line.title, line.meta, trailing=trailing, key=line.id)
