"""One class: its people and settings."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.heading import class_header
from faraday_app.classes.components.people import add_students_button, adding_dialog, staff_tile
from faraday_app.classes.components.roster import move_dialog, own_places, roster_filters, roster_table
from faraday_app.classes.components.settings import sections_tile, settings_button, settings_dialogs
from faraday_app.classes.state.roster import RosterState
from faraday_app.classes.state.school_class import ClassState
from faraday_app.classes.views import PEOPLE
from faraday_app.core.permissions import Permission


@ui.page("/class", "Class", Permission.classes_read, place="classes", on_load=[ClassState.enter, RosterState.enter])
def class_page() -> rx.Component:
    header = class_header(ClassState.head, PEOPLE.key, settings_button(), add_students_button())
    people = ui.detail_page(
        header,
        _students(),
        panel=rx.el.div(staff_tile(), sections_tile(), class_name="stack"),
    )
    gone = rx.fragment(
        ui.header("Class", back="/classes"),
        ui.empty_state(
            "users_round",
            "There is no such class here for you",
            "You may have been taken out of it, or the link is not complete.",
            ui.secondary_button("Your classes", to="/classes"),
        ),
    )
    return rx.fragment(rx.cond(ClassState.error, gone, people), adding_dialog(), move_dialog(), settings_dialogs())


def _students() -> rx.Component:
    """All of them for the staff of the class; others see themselves or their children."""
    counts = rx.el.span(ClassState.people, class_name="muted num")
    everybody = rx.el.section(
        rx.el.div(rx.el.h2("Students"), counts, class_name="row"),
        roster_filters(),
        roster_table(),
        class_name="stack",
        aria_label="Students",
    )
    return rx.cond(ClassState.head.is_staff, everybody, own_places())
