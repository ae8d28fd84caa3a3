"""Both changed the same: what each wrote, what shall stand, and what comes of it. Nothing is lost by any choice."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.version_views import ClashView, ResultView


def conflict_dialog(state: Any, text: str) -> rx.Component:
    """For a state that is ``Merging``, with handlers ``choose_side``, ``set_choosing`` and ``resolve``."""
    result = rx.el.section(
        rx.el.h3("What comes of it"),
        rx.foreach(state.result, _result),
        class_name="stack merge-result",
        aria_label="What comes of it",
    )
    return ui.dialog(
        "Two changed the same",
        text,
        rx.el.div(rx.foreach(state.clashes, lambda clash: _clash(clash, state)), class_name="stack"),
        result,
        open=state.choosing,
        on_open_change=state.set_choosing,
        actions=[
            ui.secondary_button("Decide later", on_click=state.set_choosing(False)),
            ui.primary_button("Save the result", on_click=state.resolve),
        ],
        width="720px",
    )


def _clash(clash: ClashView, state: Any) -> rx.Component:
    def side(value: str, label: str, words: Any) -> rx.Component:
        return rx.el.button(
            rx.el.span(label, class_name="side-name"),
            rx.el.span(rx.cond(words != "", words, "(taken out)"), class_name="side-text"),
            type="button",
            class_name="merge-side",
            aria_pressed=rx.cond(clash.choice == value, "true", "false"),
            aria_label=f"Take {label.lower()}",
            on_click=state.choose_side(clash.id, value),
        )

    both = rx.el.button(
        "Both, yours first",
        type="button",
        class_name="chip",
        aria_pressed=rx.cond(clash.choice == "both", "true", "false"),
        on_click=state.choose_side(clash.id, "both"),
    )
    return rx.el.section(
        rx.el.h3(clash.title),
        rx.el.div(side("mine", "Yours", clash.mine), side("theirs", "Theirs", clash.theirs), class_name="merge-sides"),
        rx.cond(clash.joins, both, rx.fragment()),
        class_name="merge-clash",
        aria_label=clash.title,
        key=clash.id,
    )


def _result(result: ResultView) -> rx.Component:
    return rx.el.div(
        rx.el.span(result.title, class_name="meta"),
        rx.el.pre(result.text, class_name="merge-text", tab_index=0),
        key=result.title,
    )
