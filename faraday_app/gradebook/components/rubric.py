"""The rubric beside the work: its levels to choose, and what a model proposes."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.marking_views import CriterionView, LevelView
from faraday_app.gradebook.state.marking import MarkingState
from faraday_app.gradebook.state.remarks import RemarksState

ON = MarkingState.on


def rubric() -> rx.Component:
    """All criteria. A field is made anew for each student: nothing typed for one can stay for the next."""
    return rx.el.div(rx.foreach(ON.criteria, _criterion), class_name="stack rubric")


def _criterion(each: rx.Var[CriterionView]) -> rx.Component:
    worth = rx.cond(
        each.scored,
        rx.el.span(rx.cond(each.points, each.points, "—"), " / ", each.most, class_name="num meta"),
        rx.el.span("not counted", class_name="meta"),
    )
    return rx.el.section(
        rx.el.header(rx.el.h3(each.title), worth, class_name="row spread"),
        rx.cond(each.details, rx.el.p(each.details, class_name="meta"), rx.fragment()),
        rx.el.div(
            rx.foreach(each.levels, lambda level: _level(each, level)),
            class_name="levels",
            role="group",
            aria_label=each.title,
        ),
        rx.cond((each.levels.length() == 0) | each.ranged, _points(each), rx.fragment()),
        _proposal(each),
        _remark(each),
        class_name="criterion",
        key=each.id,
    )


def _level(criterion: rx.Var[CriterionView], level: rx.Var[LevelView]) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.el.span(level.title, class_name="strong"),
            rx.el.span(level.points, class_name="num"),
            class_name="row spread",
        ),
        rx.cond(level.text, rx.el.span(level.text, class_name="meta"), rx.fragment()),
        type="button",
        class_name="level",
        aria_pressed=rx.cond(level.chosen, "true", "false"),
        disabled=~MarkingState.grades,
        on_click=MarkingState.choose_level(ON.key, criterion.id, level.place),
        key=level.title + level.place.to_string(),
    )


def _points(each: rx.Var[CriterionView]) -> rx.Component:
    name = rx.Var.create("points-") + each.id
    return rx.el.label(
        rx.el.span("Points", class_name="meta"),
        rx.el.input(
            id=name,
            class_name="input small num",
            input_mode="decimal",
            default_value=each.points,
            read_only=~MarkingState.grades,
            on_blur=lambda typed: MarkingState.write_points(ON.key, each.id, typed),
            key=ON.key + each.id + each.points,
        ),
        html_for=name,
        class_name="row",
    )


def _remark(each: rx.Var[CriterionView]) -> rx.Component:
    return rx.el.textarea(
        class_name="input",
        rows="2",
        placeholder="Remark for the student",
        aria_label=rx.Var.create("Remark on ") + each.title,
        default_value=each.remark,
        max_length=2_000,
        read_only=~MarkingState.grades,
        on_blur=lambda typed: MarkingState.write_remark(ON.key, each.id, typed),
        key=ON.key + each.id + ON.turn.to_string(),
    )


def _proposal(each: rx.Var[CriterionView]) -> rx.Component:
    """What a model would say, with the student's words that it rests on. It counts nothing until it is used."""
    acts = rx.el.div(
        ui.secondary_button("Use", size="small", on_click=RemarksState.use_proposal(ON.key, each.id)),
        ui.ghost_button("Leave", size="small", on_click=RemarksState.dismiss_proposal(ON.key, each.id)),
        class_name="row",
    )
    shown = rx.el.div(
        rx.el.p(rx.icon("sparkles", size=14), " Proposed: ", rx.el.strong(each.proposed)),
        rx.el.blockquote(each.quote),
        rx.el.p(each.why, class_name="meta"),
        acts,
        class_name="callout iris proposal stack",
        role="group",
        aria_label=rx.Var.create("Proposal for ") + each.title,
    )
    return rx.cond(each.quote, shown, rx.fragment())
