"""The students of a class, and what can be done with them."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.state.roster import RosterState
from faraday_app.classes.state.school_class import ClassState
from faraday_app.classes.views import StudentRow
from faraday_app.core.permissions import Permission

_STATUSES = [("", "Any status"), ("active", "Active"), ("withdrawn", "Withdrawn"), ("completed", "Completed")]
_ANY_SECTION = rx.Var.create([("", "Any section")]) + ClassState.section_options
_NO_SECTION = rx.Var.create([("", "No section")]) + ClassState.section_options


def roster_filters() -> rx.Component:
    clear = ui.ghost_button("Clear", icon="x", size="small", on_click=RosterState.clear)
    return ui.filter_bar(
        ui.search_field("Search students", RosterState.search, RosterState.set_search),
        ui.filter_select("Status", _STATUSES, RosterState.status, RosterState.set_status),
        ui.filter_select("Section", _ANY_SECTION, RosterState.section, RosterState.set_section),
        rx.cond(_filtered(), clear, rx.fragment()),
    )


def roster_table() -> rx.Component:
    return ui.data_table(
        "Students",
        [
            ui.Column("Student", _student, width="34%"),
            ui.Column("Section", lambda row: rx.cond(row.section, row.section, "—"), width="16%"),
            ui.Column("Status", lambda row: ui.badge(row.status_word, row.status_tone), width="12%"),
            ui.Column("Guardians", _guardians),
        ],
        RosterState.rows,
        empty=ui.Empty("users_round", "No students yet", "Add students, or copy them from another class."),
        loading=RosterState.loading,
        error=RosterState.error,
        retry=RosterState.refresh,
        filtered=_filtered(),
        menu=_menu,
        bulk=rx.cond(ClassState.changing, rx.fragment(_done(), _bulk()), rx.fragment()),
        footer=ui.pager(
            RosterState.shown,
            on_previous=RosterState.previous_page,
            on_next=RosterState.next_page,
            has_previous=RosterState.has_previous,
            has_next=RosterState.has_next,
        ),
    )


def _filtered() -> rx.Var[bool]:
    return rx.Var.create([RosterState.search, RosterState.status, RosterState.section]).join() != ""


def _student(row: StudentRow) -> rx.Component:
    tick = rx.el.input(
        type="checkbox",
        checked=row.chosen,
        on_change=RosterState.choose(row.id),
        aria_label="Choose " + row.name,
    )
    lead = rx.el.span(
        rx.cond(ClassState.changing, rx.el.label(tick, class_name="check"), rx.fragment()),
        ui.avatar(row.initials, row.tone),
        class_name="row",
    )
    return ui.row_item(row.name, row.email, leading=lead)


def _guardians(row: StudentRow) -> rx.Component:
    known = rx.el.span(row.guardians, title=row.relationships)
    return rx.cond(row.guardians, known, rx.el.span("None known", class_name="muted"))


def own_places() -> rx.Component:
    """For a student themselves, for a parent their children: where each is in the class."""
    places = ui.rows(rx.foreach(RosterState.rows, _own))
    shown = rx.cond(RosterState.loading & (RosterState.rows.length() == 0), ui.skeleton_lines(2), places)
    shown = rx.cond(RosterState.error, ui.error_state(RosterState.error, RosterState.refresh), shown)
    title = rx.cond(ClassState.head.children, "Your children", "You")
    return ui.tile(title, "user_round", shown)


def _own(row: StudentRow) -> rx.Component:
    return ui.row_item(
        row.name,
        rx.cond(row.section, row.section, "In no section"),
        leading=ui.avatar(row.initials, row.tone),
        trailing=ui.badge(row.status_word, row.status_tone),
        key=row.id,
    )


def _menu(row: StudentRow) -> rx.Component:
    may, links = ClassState.changing, ui.allowed(Permission.guardians_manage)
    acts = ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Move to a section…", RosterState.ask_move(row.id), "shuffle", shown=may),
        ui.MenuItem(
            "Make active",
            RosterState.change_status(row.id, "active"),
            "user_check",
            shown=may & (row.status != "active"),
        ),
        ui.MenuItem(
            "Mark completed",
            RosterState.change_status(row.id, "completed"),
            "graduation_cap",
            shown=may & (row.status == "active"),
        ),
        ui.MenuItem("Guardians…", rx.redirect("/guardians?student=" + row.id), "heart_handshake", shown=links),
        ui.MenuItem(
            "Withdraw",
            RosterState.change_status(row.id, "withdrawn"),
            "user_minus",
            True,
            may & (row.status != "withdrawn"),
        ),
    )
    return rx.cond(may | links, acts, rx.fragment())


def _done() -> rx.Component:
    """What was done with several at once, and the way back."""
    told = rx.el.div(
        rx.el.span(RosterState.done, class_name="grow"),
        ui.secondary_button("Undo", size="small", on_click=RosterState.undo),
        ui.icon_button("Close", "x", size="small", on_click=RosterState.forget_done),
        class_name="bulk",
        role="status",
    )
    return rx.cond(RosterState.done, told, rx.fragment())


def _bulk() -> rx.Component:
    def act(text: str, on_click: object) -> rx.Component:
        return ui.secondary_button(text, size="small", on_click=on_click)

    return ui.bulk_bar(
        RosterState.chosen.length(),
        act("Move…", RosterState.ask_move("")),
        act("Completed", RosterState.change_chosen("completed")),
        act("Active", RosterState.change_chosen("active")),
        act("Withdraw", RosterState.change_chosen("withdrawn")),
        on_clear=RosterState.choose_none,
    )


def move_dialog() -> rx.Component:
    form = rx.el.form(
        ui.select_field("move_section", "Section", _NO_SECTION),
        rx.el.div(ui.primary_button("Move", type="submit"), class_name="dialog-foot"),
        on_submit=RosterState.move,
        class_name="stack",
    )
    return ui.dialog(
        "Move to a section",
        "Due dates of the section hold for them from now on.",
        form,
        open=RosterState.moving,
        on_open_change=RosterState.set_moving,
    )
