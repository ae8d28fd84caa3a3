"""Work of all one's classes, of one class, and a single piece of it."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.views import ClassPlace, class_places, register_place
from faraday_app.core.permissions import Permission
from faraday_app.coursework.components.assignment import assignment_body, assignment_header
from faraday_app.coursework.components.class_work import class_work, work_actions, work_dialogs
from faraday_app.coursework.components.listing import work_list
from faraday_app.coursework.state.assignment import AssignmentState
from faraday_app.coursework.state.class_work import ClassWorkState
from faraday_app.coursework.state.listing import WorkState

NAV = ui.Nav("assignments", "Assignments", "clipboard_list", section="Classroom", order=30, phone=True)
PLACE = ClassPlace("assignments", "Assignments", "clipboard_list", "/class/assignments", Permission.coursework_read, 20)
register_place(PLACE)


@ui.page("/assignments", "Assignments", Permission.coursework_read, nav=NAV, on_load=[WorkState.enter])
def assignments_page() -> rx.Component:
    return ui.list_page(ui.header("Assignments"), rx.fragment(), work_list())


@ui.page(
    "/class/assignments", "Assignments", Permission.coursework_read, place="classes", on_load=[ClassWorkState.enter]
)
def class_assignments_page() -> rx.Component:
    head = ClassWorkState.head
    places = ui.place_row("Places of this class", class_places(), current="assignments", id=head.id)
    header = ui.header(head.name, ui.meta(head.term), actions=work_actions(), back="/classes")
    return ui.list_page(
        rx.fragment(header, places),
        rx.fragment(),
        class_work(),
        work_dialogs(),
    )


@ui.page("/assignment", "Assignment", Permission.coursework_read, place="assignments", on_load=[AssignmentState.enter])
def assignment_page() -> rx.Component:
    return rx.fragment(assignment_header(), rx.el.div(assignment_body(), class_name="content"))
