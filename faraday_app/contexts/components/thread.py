"""The messages of the open conversation."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.judging import judgement, reason_form
from faraday_app.contexts.components.lanes import stands_in_a_lane, under_question
from faraday_app.contexts.components.marks import message_acts
from faraday_app.contexts.components.tools import tools_used
from faraday_app.contexts.state import RunningState, ThreadState, WhyState
from faraday_app.contexts.views import MessageView

QUESTIONS = (
    "Explain photosynthesis to a ten-year-old.",
    "Write three quiz questions about fractions.",
    "Draft a short letter to parents about a field trip.",
)


def thread() -> rx.Component:
    """The branch shown. The box keeps its end in sight while an answer grows."""
    earlier = ui.secondary_button("Show earlier messages", on_click=ThreadState.show_earlier, size="small")
    messages = rx.el.div(
        rx.cond(ThreadState.has_earlier, rx.el.div(earlier, class_name="earlier"), rx.fragment()),
        rx.el.ol(rx.foreach(ThreadState.messages, _message), class_name="bare messages", aria_label="Messages"),
        class_name="thread",
    )
    shown = rx.cond(ThreadState.messages, messages, _welcome())
    return rx.cond(ThreadState.loaded, shown, rx.el.div(ui.skeleton_lines(6), class_name="thread"))


def _welcome() -> rx.Component:
    questions = [ui.secondary_button(text, on_click=rx.set_value("message", text)) for text in QUESTIONS]
    local = "Answers come from a small demo model on this server. It is quick, but often wrong."
    return rx.el.div(
        ui.mark(36),
        rx.el.h2("What would you like to know?"),
        rx.el.p(
            rx.cond(ThreadState.local_model, local, "Ask anything. You see what each answer costs."), class_name="muted"
        ),
        rx.el.div(*questions, class_name="suggestions"),
        class_name="welcome",
    )


def _message(message: MessageView) -> rx.Component:
    face = rx.cond(
        message.from_model,
        rx.el.span(ui.mark(18), class_name="avatar medium iris", aria_hidden="true"),
        ui.avatar(message.initials, message.tone),
    )
    body = rx.el.div(
        rx.el.div(rx.el.strong(message.name), class_name="who"),
        rx.cond(ThreadState.editing == message.id, _editor(), _content(message)),
        class_name="said",
    )
    said = rx.el.li(face, body, class_name="message", id="message-" + message.id, tab_index=-1)
    return rx.fragment(rx.cond(stands_in_a_lane(message), rx.fragment(), said), under_question(message), key=message.id)


def _content(message: MessageView) -> rx.Component:
    running = message.status == "running"
    problem = rx.cond(message.problem, ui.callout(message.problem, "red"), rx.fragment())
    return rx.fragment(
        tools_used(message.tools),
        rx.cond(running, _growing(), rx.el.div(rx.html(message.html), class_name="prose")),
        problem,
        rx.cond(
            message.went_on,
            rx.el.p(rx.icon("route", size=13), message.went_on, class_name="meta with-sign"),
            rx.fragment(),
        ),
        rx.cond(running, rx.fragment(), _below(message)),
        reason_form(message.id),
    )


def _growing() -> rx.Component:
    stopping = rx.cond(RunningState.stopping, "stopping …", rx.cond(RunningState.waiting, "thinking …", "answering"))
    return rx.fragment(
        rx.el.div(
            rx.html(RunningState.finished_html),
            rx.html(RunningState.growing_html),
            rx.el.span(class_name="caret", aria_hidden="true"),
            class_name="prose growing",
        ),
        rx.el.div(
            rx.el.span(stopping, class_name="tone-iris", role="status"),
            ui.ghost_button(
                "Stop", on_click=ThreadState.stop, size="small", icon="square", disabled=RunningState.stopping
            ),
            class_name="below",
        ),
    )


def _below(message: MessageView) -> rx.Component:
    copy = ui.icon_button("Copy", "copy", size="small", on_click=ThreadState.copy(message.id))
    retry = ui.icon_button("Try again", "rotate_cw", size="small", on_click=ThreadState.retry(message.id))
    edit = ui.icon_button("Edit", "pencil", size="small", on_click=ThreadState.start_editing(message.id))
    why = ui.icon_button("Why this model", "route", size="small", on_click=WhyState.show(message.id))
    act = rx.cond(ThreadState.may_write, rx.cond(message.from_model, retry, edit), rx.fragment())
    return rx.el.div(
        copy,
        rx.cond(message.judgeable, judgement(message.id), rx.fragment()),
        act,
        rx.cond(message.explained | (message.from_model & ThreadState.may_write), why, rx.fragment()),
        rx.cond(message.count > 1, _branches(message), rx.fragment()),
        rx.el.span(message.meta, class_name="meta num"),
        message_acts(message),
        class_name="below",
    )


def _branches(message: MessageView) -> rx.Component:
    def step(label: str, icon: str, to: rx.Var[str]) -> rx.Component:
        return ui.icon_button(
            label,
            icon,
            size="small",
            on_click=ThreadState.show_sibling(to),
            disabled=(to == "") | ~ThreadState.may_write,
        )

    return rx.el.span(
        step("Previous version", "chevron_left", message.previous),
        rx.el.span(message.place, "/", message.count, class_name="meta num"),
        step("Next version", "chevron_right", message.following),
        class_name="row",
        role="group",
        aria_label="Versions of this message",
    )


def _editor() -> rx.Component:
    return rx.el.form(
        rx.el.textarea(
            name="edited",
            default_value=ThreadState.draft,
            aria_label="Your message",
            class_name="input",
            auto_focus=True,
        ),
        rx.el.div(
            rx.el.span("The earlier version stays beside it.", class_name="meta grow"),
            ui.secondary_button("Cancel", size="small", on_click=ThreadState.stop_editing),
            ui.primary_button("Send again", size="small", type="submit"),
            class_name="row",
        ),
        on_submit=ThreadState.resend,
        class_name="stack editor",
    )
