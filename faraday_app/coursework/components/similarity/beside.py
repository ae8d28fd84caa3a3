"""Two texts side by side; on a phone one below the other."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.service.similarity.reviews import QUESTION
from faraday_app.coursework.similarity_views import PartView, SideView
from faraday_app.coursework.state.similarity import SimilarityState

_SEEN = "They see it with the passages of their own text, and nothing of the other."


def beside_dialog() -> rx.Component:
    state = SimilarityState
    sides = rx.el.div(
        _side("left", "right", state.left, state.left_parts),
        _side("right", "left", state.right, state.right_parts),
        class_name="beside",
    )
    legend = rx.el.p(
        rx.el.span("1 in common", class_name="passage alike"),
        " ",
        rx.el.span("left out as everybody’s", class_name="passage given"),
        class_name="meta",
    )
    return ui.dialog(
        "Passages in common",
        state.about,
        rx.cond(state.evidence, rx.el.p(state.evidence, class_name="muted"), rx.fragment()),
        legend,
        rx.cond(state.open, sides, rx.fragment()),
        open=state.open,
        on_open_change=state.set_open,
        actions=[ui.secondary_button("Close", on_click=state.set_open(False))],
        width="1120px",
    )


def _side(name: str, other: str, side: Any, parts: Any) -> rx.Component:
    def part(each: PartView) -> rx.Component:
        here: Any = f"{name}-" + each.number.to_string()
        there: Any = f"{other}-" + each.number.to_string()
        label: Any = "Passage " + each.number.to_string() + " on the other side"
        number = ui.anchor(each.number, target=there, aria_label=label, class_name="passage-number")
        return rx.match(
            each.mark,
            ("alike", rx.el.mark(number, each.text, id=here, class_name="passage alike")),
            ("given", rx.el.span(each.text, class_name="passage given")),
            ("hidden", rx.el.span(each.text, class_name="muted")),
            rx.el.span(each.text),
        )

    return rx.el.section(
        rx.el.h3(side.name, class_name="strong"),
        rx.el.p(side.where, " ", side.figures, class_name="meta"),
        rx.el.div(rx.foreach(parts, part), class_name="paper beside-text", tab_index=0),
        rx.cond(side.may_ask, _asking(side), rx.fragment()),
        class_name="stack",
        aria_label=f"The {name} text",
    )


def _asking(side: SideView) -> rx.Component:
    return ui.fold(
        rx.cond(side.team, "Ask the authors", "Ask the author"),
        rx.el.form(
            ui.textarea_field(
                "question",
                "Your question",
                default_value=QUESTION,
                rows=3,
                help=rx.cond(side.team, f"{_SEEN} Everybody in the team is asked, and answers alone.", _SEEN),
            ),
            ui.primary_button("Send", type="submit"),
            on_submit=lambda form: SimilarityState.ask(side.text_id, form),
            class_name="stack",
        ),
    )
