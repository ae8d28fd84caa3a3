"""The parts of the list of classes."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.fields import class_fields, problem
from faraday_app.classes.state import ClassesState, NewClassState
from faraday_app.classes.views import ClassRow, class_places
from faraday_app.core.permissions import Permission

_ANY_TERM = rx.Var.create([("", "Any term")]) + ClassesState.terms


def class_filters() -> rx.Component:
    clear = ui.ghost_button("Clear", icon="x", size="small", on_click=ClassesState.clear)
    return ui.filter_bar(
        ui.search_field("Search classes", ClassesState.search, ClassesState.set_search),
        ui.filter_select("Term", _ANY_TERM, ClassesState.term, ClassesState.set_term),
        ui.filter_chip(
            "Archived",
            on=ClassesState.archived,
            on_click=ClassesState.show_archived(~ClassesState.archived),
            icon="archive",
        ),
        rx.cond(_filtered(), clear, rx.fragment()),
    )


def class_table() -> rx.Component:
    return ui.data_table(
        "Classes",
        [
            ui.Column("Class", _class, width="34%"),
            ui.Column("Term", lambda row: row.term, width="14%"),
            ui.Column("Teachers", lambda row: row.teachers, width="22%"),
            ui.Column("Students", _students, width="10%"),
            ui.Column("You", lambda row: rx.el.span(row.you, class_name="muted")),
        ],
        ClassesState.rows,
        empty=ui.Empty("users", "No classes", rx.cond(ClassesState.archived, _NONE_ARCHIVED, ClassesState.nothing)),
        loading=ClassesState.loading,
        error=ClassesState.error,
        retry=ClassesState.refresh,
        filtered=_filtered(),
        footer=ui.pager(
            ClassesState.shown,
            on_previous=ClassesState.previous_page,
            on_next=ClassesState.next_page,
            has_previous=ClassesState.has_previous,
            has_next=ClassesState.has_next,
        ),
    )


_NONE_ARCHIVED = "A class that is over is archived by its teachers. It can then be read here."


def _filtered() -> rx.Var[bool]:
    return rx.Var.create([ClassesState.search, ClassesState.term]).join() != ""


def _class(row: ClassRow) -> rx.Component:
    """Leads to the first place of the class."""
    name: Any = ui.go(row.name, to=class_places()[0].path + "?id=" + row.id, class_name="link")
    archived = rx.cond(row.archived, ui.badge("Archived"), rx.fragment())
    return ui.row_item(rx.el.span(name, archived, class_name="row"), row.about)


def _students(row: ClassRow) -> rx.Component:
    return rx.cond(row.students, rx.el.span(row.students, class_name="num"), rx.el.span("—", class_name="muted"))


def new_class_button() -> rx.Component:
    new = ui.primary_button("New class", icon="plus", on_click=NewClassState.set_open(True))
    return rx.cond(ui.allowed(Permission.classes_manage), new, rx.fragment())


def new_class_dialog() -> rx.Component:
    no_terms = ui.callout(
        "There is no term yet. An administrator makes one under Terms; then classes can be made.", "amber"
    )
    form = rx.el.form(
        class_fields(
            NewClassState.terms,
            NewClassState.departments,
            term=NewClassState.term,
            department=NewClassState.department,
        ),
        problem(NewClassState.error),
        rx.el.div(ui.primary_button("Make class", type="submit"), class_name="dialog-foot"),
        on_submit=NewClassState.save,
        class_name="stack",
    )
    return ui.dialog(
        "New class",
        "You become its teacher. Students and other teachers are added next.",
        rx.cond(NewClassState.terms.length() > 0, form, no_terms),
        open=NewClassState.open,
        on_open_change=NewClassState.set_open,
    )
