"""The parts of the page of guardians."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.fields import problem
from faraday_app.classes.state.guardians import GuardiansState, LinkingState
from faraday_app.classes.views import NO_PERSON, GuardianRow


def guardian_filters() -> rx.Component:
    one = rx.el.button(
        "Of " + GuardiansState.student_name,
        rx.icon("x", size=13),
        type="button",
        class_name="chip",
        custom_attrs={"data-on": "true"},
        on_click=GuardiansState.show_all,
        aria_label="Show the guardians of all",
    )
    return ui.filter_bar(
        ui.search_field("Search guardians and students", GuardiansState.search, GuardiansState.set_search),
        rx.cond(GuardiansState.student_name, one, rx.fragment()),
    )


def guardian_table() -> rx.Component:
    return ui.data_table(
        "Guardians",
        [
            ui.Column("Student", lambda row: ui.row_item(row.student, row.student_email), width="34%"),
            ui.Column("Guardian", _guardian, width="38%"),
            ui.Column("Is their", lambda row: rx.cond(row.relationship, row.relationship, "—")),
        ],
        GuardiansState.rows,
        empty=ui.Empty(
            "heart_handshake",
            "No guardians yet",
            "Link a parent to their child: they then see what is released about that child, and about nobody else.",
        ),
        loading=GuardiansState.loading,
        error=GuardiansState.error,
        retry=GuardiansState.refresh,
        filtered=GuardiansState.search != "",
        menu=_menu,
        footer=ui.pager(
            GuardiansState.shown,
            on_previous=GuardiansState.previous_page,
            on_next=GuardiansState.next_page,
            has_previous=GuardiansState.has_previous,
            has_next=GuardiansState.has_next,
        ),
    )


def _guardian(row: GuardianRow) -> rx.Component:
    return ui.row_item(row.guardian, row.guardian_email, leading=ui.avatar(row.initials, row.tone))


def _menu(row: GuardianRow) -> rx.Component:
    return ui.row_menu(
        "Actions for " + row.guardian + " and " + row.student,
        ui.MenuItem("Unlink…", LinkingState.ask_unlink(row.id), "unlink", True),
    )


def linking_dialogs() -> rx.Component:
    child = ui.person_picker(
        "link_child",
        "Student",
        chosen=LinkingState.child,
        query=LinkingState.child_query,
        found=LinkingState.children,
        on_search=LinkingState.find_child,
        on_choose=LinkingState.choose_child,
        on_another=LinkingState.choose_child(NO_PERSON.id),
    )
    guardian = ui.person_picker(
        "link_guardian",
        "Guardian",
        chosen=LinkingState.guardian,
        query=LinkingState.guardian_query,
        found=LinkingState.guardians,
        on_search=LinkingState.find_guardian,
        on_choose=LinkingState.choose_guardian,
        on_another=LinkingState.choose_guardian(NO_PERSON.id),
    )
    form = rx.el.form(
        ui.text_field(
            "link_relationship",
            "Is their",
            help="Such as mother, father or grandmother. May stay empty.",
            max_length=40,
            auto_complete="off",
        ),
        problem(LinkingState.error),
        rx.el.div(ui.primary_button("Link", type="submit"), class_name="dialog-foot"),
        on_submit=LinkingState.link,
        class_name="stack",
    )
    linking = ui.dialog(
        "Link a guardian",
        "They see the child's classes, and of grades and work what has been released.",
        child,
        guardian,
        form,
        open=LinkingState.open,
        on_open_change=LinkingState.set_open,
    )
    unlinking = ui.confirm_dialog(
        "Unlink " + LinkingState.unlinked + "?",
        "The guardian sees nothing of this child any more, from their next click.",
        open=LinkingState.unlinking,
        on_open_change=LinkingState.set_unlinking,
        confirm="Unlink",
        on_confirm=LinkingState.unlink,
    )
    return rx.fragment(linking, unlinking)
