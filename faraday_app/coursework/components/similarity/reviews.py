"""What authors were asked and said: for their teachers, and for themselves."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.similarity_views import OUTCOMES, QuestionRow, ReviewRow
from faraday_app.coursework.state.similarity import SimilarityState, StatementState

_TEAM = "Everybody in your team is asked, each on their own. Answer for yourself: the others do not read it."


def review_list() -> rx.Component:
    heard = rx.el.section(
        rx.el.h2("Authors you asked"), rx.foreach(SimilarityState.questions, _question), class_name="stack"
    )
    return rx.cond(SimilarityState.questions, heard, rx.fragment())


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


def _question(row: QuestionRow) -> rx.Component:
    state = SimilarityState
    back = ui.secondary_button(
        "Take the question back", size="small", on_click=state.withdraw(row.open_id, row.open_version)
    )
    tile = ui.tile(
        row.authors,
        "message_circle_question",
        rx.el.div(
            rx.el.p(rx.el.span(row.asked_by, class_name="strong"), " asked: ", row.question),
            rx.foreach(row.answers, lambda each: _answer(each, row.silent == "")),
            rx.cond(row.silent, rx.el.p(row.silent, class_name="muted", role="status"), rx.fragment()),
            rx.cond(row.open_id, rx.el.div(back, class_name="row"), rx.fragment()),
            class_name="stack",
        ),
    )
    return rx.el.div(tile, key=row.id)


def _answer(row: rx.Var[ReviewRow], all_heard: rx.Var[bool]) -> rx.Component:
    """What one author says, and what is made of it, which waits for all of them."""
    said = rx.el.p(rx.el.span("They say: ", class_name="strong"), row.statement, class_name="place-words")
    silent = rx.cond(row.team, rx.el.p("Has not answered yet.", class_name="muted"), rx.fragment())
    answer = rx.el.section(
        rx.cond(row.team, rx.el.h3(row.student, class_name="strong"), rx.fragment()),
        rx.cond(row.statement, said, silent),
        rx.match(
            row.step,
            ("asked", rx.fragment()),
            ("heard", rx.cond(all_heard, _deciding(row), rx.fragment())),
            ("decided", rx.el.div(_outcome(row), _confirming(row), class_name="stack")),
            _outcome(row),
        ),
        class_name="stack",
        aria_label=row.student,
    )
    return rx.el.div(rx.cond(row.team | (row.step != "asked"), answer, rx.fragment()), key=row.id, class_name="answer")


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
            rx.cond(row.team, rx.el.p(_TEAM, class_name="muted"), rx.fragment()),
            passages,
            rx.cond(open_still, form, rx.fragment(rx.el.p(row.statement), _outcome(row))),
            class_name="stack",
        ),
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
