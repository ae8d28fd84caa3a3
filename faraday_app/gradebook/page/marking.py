"""Grading: one student's work beside the rubric, then the next."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.components.marking import grade_bar, marks, students, work
from faraday_app.gradebook.state.marking import MarkingState
from faraday_app.gradebook.state.remarks import RemarksState


@ui.page(
    "/class/grade",
    "Grading",
    Permission.gradebook_read,
    place="assignments",
    on_load=[MarkingState.enter, RemarksState.load],
)
def marking_page() -> rx.Component:
    title = rx.cond(MarkingState.on.name, MarkingState.on.name, "Grading")
    about = rx.el.span(
        MarkingState.title, " · ", MarkingState.place, " · ", MarkingState.left, " to mark", class_name="meta"
    )
    header = ui.header(
        title,
        rx.cond(MarkingState.title, about, rx.fragment()),
        rx.cond(MarkingState.moderated, ui.badge("Moderated", "amber"), rx.fragment()),
        actions=[
            _rubric(),
            ui.pane_switches(list_label="Students", inspector_label="Marks"),
        ],
        compact=True,
        back=rx.Var.create("/assignment?id=") + MarkingState.assignment_id,
    )
    desk = ui.workspace_page(
        header, work(), foot=grade_bar(), list=("Students", students()), inspector=("Marks", marks())
    )
    gone = rx.fragment(header, rx.el.div(ui.error_state(MarkingState.problem), class_name="content"))
    return rx.cond(MarkingState.problem, gone, desk)


def _rubric() -> rx.Component:
    to = rx.Var.create("/assignment/marking?id=") + MarkingState.assignment_id
    return rx.cond(
        MarkingState.grades, ui.secondary_button("Rubric", icon="list_checks", size="small", to=to), rx.fragment()
    )
