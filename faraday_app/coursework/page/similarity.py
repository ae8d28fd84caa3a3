"""What pieces of work have in common, for their teachers; and what an author is asked about it."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.views import ClassPlace, register_place
from faraday_app.core.permissions import Permission
from faraday_app.coursework.components.similarity import (
    aside,
    beside_dialog,
    pair_table,
    pairs_header,
    review_list,
    statements,
    work_table,
)
from faraday_app.coursework.components.similarity.pairs import CAUTION, KEY
from faraday_app.coursework.state.similarity import SimilarityState, StatementState

register_place(
    ClassPlace(KEY, "Passages in common", "text_quote", "/class/similarity", Permission.coursework_manage, 50)
)


@ui.page(
    "/class/similarity",
    "Passages in common",
    Permission.coursework_manage,
    place="classes",
    on_load=[SimilarityState.enter],
)
def similarity() -> rx.Component:
    state = SimilarityState
    problems = rx.cond(state.problems, ui.callout(state.problems, "amber"), rx.fragment())
    pairs = rx.el.div(
        rx.el.p(state.summary, class_name="muted num", role="status"),
        problems,
        pair_table(),
        review_list(),
        class_name="stack",
    )
    shown = rx.cond(
        state.assignment_id, ui.detail_page(pairs_header(), rx.el.div(ui.callout(CAUTION), pairs, class_name="stack"),
                                            panel=aside()),
        ui.list_page(pairs_header(), ui.callout(CAUTION), work_table()),
    )  # fmt: skip
    return rx.fragment(shown, beside_dialog())


@ui.page("/statement", "Questions about your work", Permission.coursework_submit, on_load=[StatementState.enter])
def statement() -> rx.Component:
    return ui.detail_page(ui.header("Questions about your work", back="/"), statements())
