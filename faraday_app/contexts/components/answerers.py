"""Who answers: the GPTs of the open conversation, how they do it together, and what it may cost."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.gpts import face
from faraday_app.contexts.gpt_views import GptView, modes
from faraday_app.contexts.state import AnswerersState, ThreadState


def answerers() -> rx.Component:
    """For whoever may write; others see who answers."""
    may = ThreadState.may_write
    nobody = rx.el.p("The plain assistant.", class_name="meta")
    add = ui.filter_select("Add a GPT", AnswerersState.offered, rx.Var.create(""), AnswerersState.add)
    return rx.fragment(
        rx.el.h2("Who answers"),
        rx.cond(
            AnswerersState.chips,
            rx.el.ul(rx.foreach(AnswerersState.chips, _chip), class_name="bare lane-chips", aria_label="Who answers"),
            nobody,
        ),
        rx.cond(
            may,
            rx.cond(
                AnswerersState.offered.length() > 1,
                add,
                rx.cond(AnswerersState.chips, rx.fragment(), ui.link("Make a GPT", to="/gpts")),
            ),
            rx.fragment(),
        ),
        rx.cond(AnswerersState.chips, _together(), rx.fragment()),
    )


def _chip(chip: GptView, place: rx.Var[int]) -> rx.Component:
    first = ui.icon_button(
        "Put " + chip.name + " first", "arrow_up", size="small", on_click=AnswerersState.put_first(chip.id)
    )
    remove = ui.icon_button("Remove " + chip.name, "x", size="small", on_click=AnswerersState.remove(chip.id))
    acts = rx.fragment(rx.cond(place > 0, first, rx.fragment()), remove)
    return rx.el.li(
        face(chip.icon, chip.tone, "small"),
        rx.el.span(chip.name, class_name="grow clip"),
        rx.cond(ThreadState.may_write, acts, rx.fragment()),
        class_name="row",
        key=chip.id,
    )


def _together() -> rx.Component:
    mode = ui.select_field(
        "mode",
        "Together",
        modes(),
        value=AnswerersState.mode,
        on_change=AnswerersState.set_mode,
        disabled=~ThreadState.may_write,
        help=AnswerersState.about,
    )
    limits = rx.el.form(
        ui.text_field("budget", "Most credits a question", default_value=AnswerersState.budget, placeholder="No limit"),
        ui.text_field("step_limit", "Most steps", default_value=AnswerersState.steps, type="number", min="1", max="12"),
        ui.secondary_button("Save limits", type="submit", size="small"),
        on_submit=AnswerersState.set_limits,
        class_name="stack",
        key=AnswerersState.budget + "/" + AnswerersState.steps,
    )
    return rx.fragment(mode, rx.cond(AnswerersState.several & ThreadState.may_write, limits, rx.fragment()))
