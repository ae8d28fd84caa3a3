"""What is asked about a class, wherever it is asked."""

from typing import Any

import reflex as rx

from faraday_app import ui


def class_fields(
    terms: rx.Var[list[tuple[str, str]]],
    departments: rx.Var[list[tuple[str, str]]],
    *,
    name: Any = "",
    subject: Any = "",
    code: Any = "",
    room: Any = "",
    term: Any = "",
    department: Any = "",
) -> rx.Component:
    """Read by ``state.making.draft_of``. ``term`` and the others are what the fields say at first."""
    no_department: Any = rx.Var.create([("", "No department")]) + departments
    return rx.fragment(
        ui.text_field("class_name", "Name", default_value=name, required=True, max_length=120, auto_complete="off"),
        rx.el.div(
            ui.text_field("class_subject", "Subject", default_value=subject, max_length=80, auto_complete="off"),
            ui.text_field("class_code", "Code", default_value=code, max_length=40, auto_complete="off"),
            class_name="pair",
        ),
        rx.el.div(
            ui.text_field("class_room", "Room", default_value=room, max_length=40, auto_complete="off"),
            ui.select_field("class_term", "Term", terms, default_value=term),
            class_name="pair",
        ),
        ui.select_field(
            "class_department",
            "Department",
            no_department,
            default_value=department,
            help="The heads of the department see and may change the class.",
        ),
    )


def problem(error: rx.Var[str]) -> rx.Component:
    return rx.cond(error, rx.el.div(ui.callout(error, "red"), role="alert"), rx.fragment())
