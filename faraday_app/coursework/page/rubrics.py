"""Rubrics: the list, and writing one."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.coursework.components.marking_plan import marking_plan
from faraday_app.coursework.components.rubrics import rubric_filters, rubric_form, rubric_table
from faraday_app.coursework.state.marking_plan import MarkingPlanState
from faraday_app.coursework.state.rubric_editor import RubricEditorState
from faraday_app.coursework.state.rubrics import RubricsState

NAV = ui.Nav("rubrics", "Rubrics", "list_checks", section="Classroom", order=60)


@ui.page("/rubrics", "Rubrics", Permission.coursework_manage, nav=NAV, on_load=[RubricsState.enter])
def rubrics_page() -> rx.Component:
    new = ui.primary_button("New rubric", icon="plus", to="/rubric")
    return ui.list_page(ui.header("Rubrics", actions=[new]), rubric_filters(), rubric_table())


@ui.page("/rubric", "Rubric", Permission.coursework_manage, place="rubrics", on_load=[RubricEditorState.enter])
def rubric_page() -> rx.Component:
    title = rx.cond(RubricEditorState.title, RubricEditorState.title, "New rubric")
    bar = ui.save_bar(dirty=RubricEditorState.dirty, on_discard=RubricEditorState.enter, on_save=RubricEditorState.save)
    gone = rx.el.div(ui.error_state(RubricEditorState.gone), class_name="content")
    form = ui.form_page(ui.header(title, back="/rubrics"), rubric_form(), save_bar=bar)
    return rx.cond(RubricEditorState.gone, gone, form)


@ui.page(
    "/assignment/marking",
    "How this is marked",
    Permission.coursework_manage,
    place="assignments",
    on_load=[MarkingPlanState.enter],
)
def marking_plan_page() -> rx.Component:
    about = rx.cond(MarkingPlanState.title, rx.el.span(MarkingPlanState.title, class_name="meta"), rx.fragment())
    gone = rx.el.div(ui.error_state(MarkingPlanState.gone), class_name="content")
    body = rx.cond(MarkingPlanState.gone, gone, rx.el.div(marking_plan(), class_name="content"))
    return rx.fragment(ui.header("How this is marked", about, back="/assignments"), body)
