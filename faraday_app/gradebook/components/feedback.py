"""Feedback as a student reads it: by what it was judged, what they got for it, and what was said."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.components.remarks import remark
from faraday_app.gradebook.marking_views import CriterionView, LevelView, SegmentView
from faraday_app.gradebook.state.feedback import FeedbackState


def whose() -> rx.Component:
    """Among several children, whose it is."""
    chips = rx.foreach(
        FeedbackState.people,
        lambda each: ui.filter_chip(
            each[1], on=each[0] == FeedbackState.chosen, on_click=FeedbackState.choose(each[0])
        ),
    )
    return rx.cond(FeedbackState.people.length() > 1, rx.el.div(chips, class_name="row wrap"), rx.fragment())


def feedback() -> rx.Component:
    waiting = ui.callout("Marks and remarks come here when the grade is posted. Below is by what it will be judged.")
    score = rx.cond(FeedbackState.points, rx.Var.create("of ") + FeedbackState.points, "")
    grade = rx.el.div(ui.stat(FeedbackState.name, FeedbackState.score, score))
    return rx.el.div(
        rx.cond(FeedbackState.is_posted, grade, waiting),
        rx.cond(FeedbackState.criteria.length() > 0, _rubric(), rx.fragment()),
        rx.cond(FeedbackState.segments.length() > 0, _text(), rx.fragment()),
        rx.cond(FeedbackState.remarks.length() > 0, _remarks(), rx.fragment()),
        class_name="stack",
    )


def _rubric() -> rx.Component:
    total = rx.cond(
        FeedbackState.total,
        rx.el.span(FeedbackState.total, " of ", FeedbackState.highest, class_name="num meta"),
        rx.fragment(),
    )
    return rx.el.section(
        rx.el.header(rx.el.h2("Rubric"), total, class_name="row spread"),
        rx.el.div(rx.foreach(FeedbackState.criteria, _criterion), class_name="stack rubric"),
        aria_label="Rubric",
    )


def _criterion(each: rx.Var[CriterionView]) -> rx.Component:
    got = rx.cond(each.points, each.points, "—")
    worth = rx.cond(each.scored, rx.el.span(got, " / ", each.most, class_name="num"), rx.fragment())
    return rx.el.section(
        rx.el.header(rx.el.h3(each.title), worth, class_name="row spread"),
        rx.cond(each.details, rx.el.p(each.details, class_name="meta"), rx.fragment()),
        rx.el.div(rx.foreach(each.levels, _level), class_name="levels"),
        rx.cond(each.remark, rx.el.p(each.remark, class_name="said"), rx.fragment()),
        class_name="criterion",
        key=each.id,
    )


def _level(level: rx.Var[LevelView]) -> rx.Component:
    chosen = rx.cond(level.chosen, rx.icon("check", size=14, aria_label="reached"), rx.fragment())
    name = rx.el.span(chosen, level.title, class_name="strong row")
    return rx.el.div(
        rx.el.span(name, rx.el.span(level.points, class_name="num"), class_name="row spread"),
        rx.cond(level.text, rx.el.span(level.text, class_name="meta"), rx.fragment()),
        class_name=rx.cond(level.chosen, "level chosen", "level"),
        key=level.title + level.place.to_string(),
    )


def _text() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Your work, with the remarks"),
        rx.el.article(rx.foreach(FeedbackState.segments, _segment), class_name="paper"),
        aria_label="The work",
    )


def _segment(each: rx.Var[SegmentView]) -> rx.Component:
    marked = rx.el.mark(each.text, custom_attrs={"data-remarks": each.remarks}, key=each.key)
    return rx.cond(each.remarks, marked, rx.el.span(each.text, key=each.key))


def _remarks() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Remarks"),
        rx.el.div(rx.foreach(FeedbackState.remarks, remark), class_name="stack"),
        aria_label="Remarks",
    )
