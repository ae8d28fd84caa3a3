"""A thumb up or down for an answer, and a word on why."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.state import JudgeState


def judgement(message_id: rx.Var[str]) -> rx.Component:
    """Pressed is what the viewer said; pressed again it is taken back."""

    def thumb(label: str, icon: str, word: str) -> rx.Component:
        pressed = JudgeState.mine[message_id] == word
        return ui.icon_button(
            label,
            icon,
            size="small",
            on_click=JudgeState.judge(message_id, word),
            aria_pressed=rx.cond(pressed, "true", "false"),
        )

    return rx.el.span(
        thumb("Good answer", "thumbs_up", "good"),
        thumb("Bad answer", "thumbs_down", "bad"),
        class_name="row judgement",
        role="group",
        aria_label="Judge this answer",
    )


def reason_form(message_id: rx.Var[str]) -> rx.Component:
    """Asked for once the judgement is kept; leaving it out changes nothing."""
    ask = rx.cond(JudgeState.mine[message_id] == "good", "What was good about it?", "What was wrong with it?")
    form = rx.el.form(
        rx.el.input(
            name="reason",
            class_name="input grow",
            placeholder=ask,
            aria_label=ask,
            max_length=300,
            auto_complete="off",
        ),
        ui.secondary_button("Send", size="small", type="submit"),
        ui.icon_button("Leave it out", "x", size="small", on_click=JudgeState.leave_out),
        on_submit=JudgeState.explain,
        class_name="row",
    )
    return rx.cond(JudgeState.asking == message_id, form, rx.fragment())
