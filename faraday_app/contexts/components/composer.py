"""Where a message is written."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.meter import quote_line
from faraday_app.contexts.components.picker import picker, templates_button
from faraday_app.contexts.state import QuoteState, ThreadState


def composer() -> rx.Component:
    """The message box. Enter sends, Shift and Enter begins a new line."""
    box = rx.el.form(
        rx.el.textarea(
            id="message",
            name="message",
            placeholder="Message",
            aria_label="Message",
            rows=1,
            enter_key_submit=True,
            auto_height=True,
            max_length=32_000,
            on_change=QuoteState.typed.debounce(500),
        ),
        rx.el.div(
            templates_button(),
            _chooser(),
            rx.cond(
                ThreadState.answering,
                ui.secondary_button("Stop", icon="square", on_click=ThreadState.stop),
                ui.primary_button("Send", type="submit", icon="arrow_up"),
            ),
            class_name="row",
        ),
        on_submit=ThreadState.ask,
        reset_on_submit=True,
        class_name="composer",
    )
    reading = ui.callout("You can read along. Ask the owner for editor access to write here.")
    writing = rx.fragment(box, quote_line())
    return rx.fragment(rx.cond(ThreadState.may_write | ~ThreadState.loaded, writing, reading), picker())


def _chooser() -> rx.Component:
    """Which model answers; a choice only where there are several."""
    choose = ui.filter_select("Model", ThreadState.choices, ThreadState.chosen, ThreadState.choose_model)
    one = rx.el.span(ThreadState.model, class_name="meta clip")
    return rx.el.span(rx.cond(ThreadState.choices.length() > 1, choose, one), class_name="chooser")
