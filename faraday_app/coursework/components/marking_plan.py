"""A dialog in which a teacher says by what an assignment is marked."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.coursework.state.marking_plan import MarkingPlanState

_NO_RUBRIC = rx.Var.create([("", "No rubric")]) + MarkingPlanState.rubrics
_NOBODY = rx.Var.create([("", "Whoever oversees the class")]) + MarkingPlanState.teachers


def marking_plan_button(assignment_id: Any) -> rx.Component:
    show = MarkingPlanState.show(assignment_id)
    button = ui.secondary_button("Rubric", icon="list_checks", size="small", on_click=show)
    return rx.cond(ui.allowed(Permission.coursework_manage), button, rx.fragment())


def marking_plan_dialog() -> rx.Component:
    """Once on a page that has the button."""
    state = MarkingPlanState
    moderator = ui.select_field(
        "moderator",
        "Who chooses what stands",
        _NOBODY,
        default_value=state.moderator,
        help="Markers do not see each other's marks until one is chosen.",
    )
    newest = ui.check_field("newest", "Take the rubric as it is now", help="It was changed since it was chosen here.")
    form = rx.el.form(
        rx.cond(state.problem, ui.callout(state.problem, "red"), rx.fragment()),
        ui.select_field("rubric", "Rubric", _NO_RUBRIC, default_value=state.rubric),
        rx.cond(state.behind, newest, rx.fragment()),
        ui.check_field("fills_grade", "Its total is the grade", default_checked=state.fills_grade),
        ui.check_field(
            "moderated", "Several mark, a moderator chooses", checked=state.moderated, on_change=state.set_moderated
        ),
        rx.cond(state.moderated, moderator, rx.fragment()),
        rx.el.p(ui.link("Write a rubric", "/rubrics"), class_name="meta"),
        rx.el.div(ui.primary_button("Save", type="submit"), class_name="dialog-foot"),
        on_submit=state.save,
        class_name="stack",
        key=state.assignment_id + state.number.to_string(),
    )
    return ui.dialog(
        "How this is marked",
        "The rubric is taken as it is now: later edits do not change work that is being marked.",
        form,
        open=state.open,
        on_open_change=state.set_open,
    )
