"""The form in which a teacher says by what an assignment is marked."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.state.marking_plan import MarkingPlanState

_NO_RUBRIC = rx.Var.create([("", "No rubric")]) + MarkingPlanState.rubrics
_NOBODY = rx.Var.create([("", "Whoever oversees the class")]) + MarkingPlanState.teachers


def marking_plan() -> rx.Component:
    """The rubric is taken as it is now: later edits do not change work that is being marked."""
    state = MarkingPlanState
    newest = ui.check_field("newest", "Take the rubric as it is now", help="It was changed since it was chosen here.")
    return rx.el.form(
        rx.cond(state.problem, ui.callout(state.problem, "red"), rx.fragment()),
        ui.select_field(
            "rubric",
            "Rubric",
            _NO_RUBRIC,
            default_value=state.rubric,
            help="It is taken as it is now: later edits do not change work that is being marked.",
        ),
        rx.cond(state.behind, newest, rx.fragment()),
        ui.check_field("fills_grade", "Its total is the grade", default_checked=state.fills_grade),
        ui.check_field(
            "moderated", "Several mark, a moderator chooses", checked=state.moderated, on_change=state.set_moderated
        ),
        rx.cond(state.moderated, _moderator(), rx.fragment()),
        rx.el.div(ui.primary_button("Save", type="submit"), ui.link("Write a rubric", "/rubrics"), class_name="row"),
        on_submit=state.save,
        class_name="form stack",
        key=state.assignment_id + state.number.to_string(),
    )


def _moderator() -> rx.Component:
    return ui.select_field(
        "moderator",
        "Who chooses what stands",
        _NOBODY,
        default_value=MarkingPlanState.moderator,
        help="Markers do not see each other's marks until one is chosen.",
    )
