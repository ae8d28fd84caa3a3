"""What authors were asked and said: for their teachers, and for themselves."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.similarity_views import OUTCOMES, ReviewRow
from faraday_app.coursework.state.similarity import SimilarityState, StatementState


def review_list() -> rx.Component:
    heard = rx.el.section(
        rx.el.h2("Authors you asked"), rx.foreach(SimilarityState.reviews, _review), class_name="stack"
    )
    return rx.cond(SimilarityState.reviews, heard, rx.fragment())


def statements() -> rx.Component:
    state = StatementState
    nothing = ui.empty_state(
        "message_circle_question",
        "Nobody asks you anything",
        "If a teacher has a question about how you wrote something, it stands here.",
    )
    found = rx.cond(state.rows, rx.el.div(rx.foreach(state.rows, _statement), class_name="stack"), nothing)
    shown = rx.cond(state.loading, ui.skeleton_lines(), found)
    return rx.cond(state.error, ui.error_state(state.error, state.refresh), shown)


def _review(row: ReviewRow) -> rx.Component:
    state = SimilarityState
    waiting = rx.el.p("Has not answered yet. Nothing can be recorded before.", class_name="muted")
    withdraw = ui.ghost_button("Take the question back", size="small", on_click=state.withdraw(row.id, row.version))
    return ui.tile(
        row.student,
        "message_circle_question",
        rx.el.div(
            _said(row),
            rx.match(
                row.step,
                ("asked", waiting),
                ("heard", _deciding(row)),
                ("decided", rx.el.div(_outcome(row), _confirming(row), class_name="stack")),
                _outcome(row),
            ),
            rx.cond(row.step == "agreed", rx.fragment(), withdraw),
            class_name="stack",
        ),
    )


def _statement(row: ReviewRow) -> rx.Component:
    open_still = (row.step == "asked") | (row.step == "heard")
    passages = ui.fold("The passages of your text", rx.foreach(row.passages, _passage))
    form = rx.el.form(
        ui.textarea_field(
            "statement",
            "What you say",
            default_value=row.statement,
            rows=6,
            max_length=5_000,
            required=True,
            help="In your own words: how you wrote it, what you used, who helped. Your teachers alone read it.",
        ),
        ui.primary_button(rx.cond(row.statement, "Send again", "Send"), type="submit"),
        on_submit=lambda form: StatementState.state(row.id, row.version, form),
        class_name="stack",
    )
    return ui.tile(
        row.title,
        "message_circle_question",
        rx.el.div(
            rx.el.p(rx.el.span(row.asked_by, class_name="strong"), " asks: ", row.question),
            passages,
            rx.cond(open_still, form, rx.fragment(rx.el.p(row.statement), _outcome(row))),
            class_name="stack",
        ),
    )


def _said(row: ReviewRow) -> rx.Component:
    answer = rx.el.p(rx.el.span("They say: ", class_name="strong"), row.statement)
    return rx.fragment(
        rx.el.p(rx.el.span(row.asked_by, class_name="strong"), " asked: ", row.question),
        rx.cond(row.statement, answer, rx.fragment()),
    )


def _deciding(row: ReviewRow) -> rx.Component:
    return rx.el.form(
        ui.select_field("outcome", "What you make of it", [("", "Choose"), *OUTCOMES], required=True),
        ui.textarea_field("note", "For the author", rows=2, max_length=5_000),
        ui.secondary_button("Have it confirmed", type="submit"),
        on_submit=lambda form: SimilarityState.decide(row.id, row.version, form),
        class_name="stack",
    )


def _confirming(row: ReviewRow) -> rx.Component:
    state = SimilarityState
    other = rx.el.p("Another adult has to confirm it: a co-teacher, or whoever oversees the class.", class_name="muted")
    buttons = rx.el.div(
        ui.secondary_button("Send back", on_click=state.send_back(row.id, row.version)),
        ui.primary_button("Confirm", on_click=state.confirm(row.id, row.version)),
        class_name="row",
    )
    return rx.cond(row.own, other, buttons)


def _outcome(row: ReviewRow) -> rx.Component:
    decided = rx.el.p(rx.el.span(row.outcome, class_name="strong"), " · ", row.decided)
    return rx.cond(row.outcome, rx.fragment(decided, rx.el.p(row.note)), rx.fragment())


def _passage(text: Any) -> rx.Component:
    return rx.el.blockquote(text, class_name="passage alike")
