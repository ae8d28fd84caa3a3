"""Who teaches a class, and adding people to it."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.fields import problem
from faraday_app.classes.state.adding import AddingState
from faraday_app.classes.state.school_class import ClassState
from faraday_app.classes.views import PersonView, StaffRow
from faraday_app.core.permissions import Permission


def staff_tile() -> rx.Component:
    """Teachers and aides; who changes the class adds more here."""
    adds = ui.menu(
        ui.ghost_button("Add", icon="plus", size="small", aria_label="Add a teacher or an aide"),
        ui.MenuItem("Teachers…", AddingState.ask("teacher"), "school"),
        ui.MenuItem("Aides…", AddingState.ask("aide"), "hand_helping"),
    )
    nobody = rx.el.p("No teacher yet.", class_name="muted")
    people = rx.cond(ClassState.staff.length() > 0, ui.rows(rx.foreach(ClassState.staff, _member)), nobody)
    return ui.tile("Teachers and aides", "school", people, action=rx.cond(ClassState.changing, adds, rx.fragment()))


def _member(row: StaffRow) -> rx.Component:
    you = rx.cond(row.me, rx.el.span(" (you)", class_name="meta"), rx.fragment())
    teaches = row.role == "teacher"
    acts = ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Make aide", ClassState.set_role(row.id, "aide"), "hand_helping", shown=teaches),
        ui.MenuItem("Make teacher", ClassState.set_role(row.id, "teacher"), "school", shown=row.role == "aide"),
        ui.MenuItem("Remove from this class", ClassState.remove_staff(row.id), "user_minus", True),
    )
    return ui.row_item(
        rx.fragment(row.name, you),
        rx.cond(row.email, row.word + " · " + row.email, row.word),
        leading=ui.avatar(row.initials, row.tone),
        trailing=rx.cond(ClassState.changing, acts, rx.fragment()),
        key=row.id,
    )


def add_students_button() -> rx.Component:
    add = ui.primary_button("Add students", icon="user_plus", on_click=AddingState.ask("student"))
    may = ClassState.changing & ui.allowed(Permission.classes_manage)
    return rx.cond(may, add, rx.fragment())


def adding_dialog() -> rx.Component:
    search = ui.text_field(
        "adding_search",
        "Search",
        value=AddingState.query,
        on_change=AddingState.search,
        placeholder="Name or e-mail",
        auto_complete="off",
        auto_focus=True,
    )
    nobody = rx.cond(AddingState.query, "Nobody else is called that.", "Everybody who could be added is here already.")
    found = rx.el.div(
        rx.foreach(AddingState.found, _candidate),
        rx.cond(AddingState.found.length() == 0, rx.el.p(nobody, class_name="muted"), rx.fragment()),
        role="group",
        aria_label="People found",
        class_name="picked",
    )
    chosen = rx.el.div(
        rx.foreach(AddingState.chosen, _chosen), class_name="filters", role="group", aria_label="To be added"
    )
    is_student = AddingState.kind == "student"
    form = rx.el.form(
        rx.cond(
            is_student & (AddingState.sections.length() > 1),
            ui.select_field("adding_section", "Section", AddingState.sections),
            rx.fragment(),
        ),
        problem(AddingState.error),
        rx.el.div(
            ui.primary_button(
                rx.cond(
                    AddingState.chosen.length() > 0, "Add " + AddingState.chosen.length().to_string(), "Choose somebody"
                ),
                type="submit",
                disabled=AddingState.chosen.length() == 0,
            ),
            class_name="dialog-foot",
        ),
        on_submit=AddingState.save,
        class_name="stack",
    )
    return ui.dialog(
        "Add " + AddingState.kind + "s",
        rx.match(
            AddingState.kind,
            ("teacher", "Teachers may change everything in the class, its grades included."),
            ("aide", "Aides see everything in the class and comment; they change no grades."),
            "They see the class at once, and so do their guardians.",
        ),
        search,
        rx.cond(AddingState.chosen.length() > 0, chosen, rx.fragment()),
        found,
        form,
        open=AddingState.open,
        on_open_change=AddingState.set_open,
    )


def _candidate(row: PersonView) -> rx.Component:
    taken = rx.cond(row.chosen, rx.icon("check", size=16, aria_label="chosen"), rx.fragment())
    return rx.el.button(
        ui.row_item(row.name, row.about, leading=ui.avatar(row.initials, row.tone), trailing=taken),
        type="button",
        class_name="choice wide",
        aria_pressed=rx.cond(row.chosen, "true", "false"),
        on_click=AddingState.toggle(row.id),
        key=row.id,
    )


def _chosen(row: PersonView) -> rx.Component:
    return rx.el.button(
        row.name,
        rx.icon("x", size=13),
        type="button",
        class_name="chip",
        custom_attrs={"data-on": "true"},
        on_click=AddingState.toggle(row.id),
        aria_label="Leave out " + row.name,
        key=row.id,
    )
