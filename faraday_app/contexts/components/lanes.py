"""What several GPTs say to one question: a column each on a desk; on a phone one at a time, swiped."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.gpts import face
from faraday_app.contexts.components.judging import judgement, reason_form
from faraday_app.contexts.components.tools import tools_used
from faraday_app.contexts.gpt_views import LaneView, PartView
from faraday_app.contexts.state import LanesState, ThreadState
from faraday_app.contexts.views import MessageView


def under_question(message: MessageView) -> rx.Component:
    """The lanes of this question, or the way to them."""
    show = ui.ghost_button(
        "Show all answers", icon="columns_3", size="small", on_click=LanesState.open(message.orchestration)
    )
    shown = rx.cond(LanesState.id == message.orchestration, _lanes(), rx.el.div(show, class_name="below"))
    return rx.cond(
        (message.orchestration != "") & ~message.from_model,
        rx.el.li(shown, class_name="together", key=message.orchestration),
        rx.fragment(),
    )


def stands_in_a_lane(message: MessageView) -> rx.Var[bool] | bool:
    """Whether it is shown among the lanes already."""
    return message.in_a_lane & (LanesState.id == message.orchestration)


def _lanes() -> rx.Component:
    working = rx.el.span("answering together", class_name="tone-iris", role="status")
    stop = ui.ghost_button("Stop all", icon="square", size="small", on_click=ThreadState.stop)
    head = rx.el.div(
        rx.el.span(LanesState.mode, " · ", LanesState.lanes.length(), " GPTs", class_name="meta num"),
        rx.cond(LanesState.choice, rx.el.span(LanesState.choice, class_name="meta"), rx.fragment()),
        rx.cond(LanesState.running, rx.fragment(working, stop), rx.fragment()),
        class_name="row",
    )
    columns = rx.el.div(
        rx.foreach(LanesState.lanes, _lane),
        class_name="lanes",
        role="list",
        aria_label="Answers side by side",
        tab_index=0,
    )
    return rx.fragment(
        head,
        rx.cond(LanesState.lanes, columns, rx.fragment()),
        rx.cond(LanesState.problem, ui.callout(LanesState.problem, "amber"), rx.fragment()),
    )


def _lane(lane: LaneView) -> rx.Component:
    waits = rx.el.p(lane.waits, class_name="meta")
    return rx.el.div(
        rx.el.div(
            face(lane.icon, lane.tone, "small"), rx.el.strong(lane.name, class_name="clip"), class_name="lane-head"
        ),
        rx.cond(lane.waits, waits, rx.fragment()),
        rx.foreach(lane.parts, _part),
        class_name="lane",
        role="listitem",
        key=lane.id,
    )


def _part(part: PartView) -> rx.Component:
    grows = rx.el.div(
        rx.html(LanesState.finished_html[part.id]),
        rx.html(LanesState.growing_html[part.id]),
        rx.el.span(class_name="caret", aria_hidden="true"),
        class_name="prose growing",
    )
    said = rx.cond(part.html, rx.el.div(rx.html(part.html), class_name="prose"), rx.fragment())
    label = rx.cond(part.label, rx.el.p(part.label, class_name="meta strong"), rx.fragment())
    return rx.el.div(
        label,
        tools_used(part.tools),
        rx.cond(part.status == "running", grows, said),
        rx.cond(part.problem, ui.callout(part.problem, "red"), rx.fragment()),
        _foot(part),
        reason_form(part.id),
        class_name="lane-part",
        key=part.id,
    )


def _foot(part: PartView) -> rx.Component:
    keep = ui.secondary_button("Keep this one", size="small", icon="check", on_click=LanesState.keep(part.id))
    retry = ui.secondary_button("Try again", size="small", icon="rotate_cw", on_click=ThreadState.retry(part.id))
    state = rx.match(
        part.status,
        ("running", rx.el.span("answering", class_name="tone-iris")),
        ("stopped", ui.badge("stopped", "amber")),
        ("failed", ui.badge("failed", "red")),
        rx.el.span("done", class_name="meta"),
    )
    return rx.el.div(
        state,
        rx.cond(part.meta, rx.el.span(part.meta, class_name="meta num"), rx.fragment()),
        rx.cond(part.kept, ui.badge("goes on from here", "green"), rx.fragment()),
        rx.cond(part.status == "complete", judgement(part.id), rx.fragment()),
        rx.cond(part.keeps, keep, rx.fragment()),
        rx.cond(part.retries, retry, rx.fragment()),
        class_name="below",
    )
