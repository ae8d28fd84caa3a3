"""The settings of a class."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.fields import class_fields, problem
from faraday_app.classes.state.school_class import ClassState
from faraday_app.classes.state.settings import SettingsState
from faraday_app.classes.views import SectionView


def settings_button() -> rx.Component:
    """What is done with the class as a whole."""
    archived = ClassState.head.archived
    trigger = rx.el.button(
        rx.icon("settings_2", size=16), rx.el.span("Settings"), type="button", class_name="button secondary"
    )
    acts = ui.menu(
        trigger,
        ui.MenuItem("Name, subject, room, term…", SettingsState.edit, "pencil", shown=~archived),
        ui.MenuItem("New section…", SettingsState.name_section("", ""), "split", shown=~archived),
        ui.MenuItem("Copy people from another class…", SettingsState.ask_copy, "copy", shown=~archived),
        ui.MenuItem("Bring back", ClassState.unarchive, "archive_restore", shown=archived),
        ui.MenuItem("Archive…", SettingsState.set_archiving(True), "archive", True, ~archived),
    )
    return rx.cond(ClassState.may_settle, acts, rx.fragment())


def sections_tile() -> rx.Component:
    add = ui.ghost_button("Section", icon="plus", size="small", on_click=SettingsState.name_section("", ""))
    none = rx.el.p("None. A section can have due dates of its own.", class_name="muted")
    parts = rx.cond(ClassState.sections.length() > 0, ui.rows(rx.foreach(ClassState.sections, _section)), none)
    tile = ui.tile("Sections", "split", parts, action=rx.cond(ClassState.changing, add, rx.fragment()))
    return rx.cond(ClassState.head.is_staff, tile, rx.fragment())


def _section(row: SectionView) -> rx.Component:
    acts = ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Rename…", SettingsState.name_section(row.id, row.name), "pencil"),
        ui.MenuItem("Remove…", SettingsState.ask_remove(row.id, row.name), "x", True),
    )
    return ui.row_item(row.name, trailing=rx.cond(ClassState.changing, acts, rx.fragment()), key=row.id)


def settings_dialogs() -> rx.Component:
    return rx.fragment(_editing(), _naming(), _removing(), _copying(), _archiving())


def _form(submit: str, on_submit: object, *fields: rx.Component) -> rx.Component:
    return rx.el.form(
        *fields,
        problem(SettingsState.error),
        rx.el.div(ui.primary_button(submit, type="submit"), class_name="dialog-foot"),
        on_submit=on_submit,
        class_name="stack",
    )


def _editing() -> rx.Component:
    fields = class_fields(
        SettingsState.terms,
        SettingsState.departments,
        name=SettingsState.name,
        subject=SettingsState.subject,
        code=SettingsState.code,
        room=SettingsState.room,
        term=SettingsState.term,
        department=SettingsState.department,
    )
    return ui.dialog(
        "Class settings",
        "Everybody in the class sees the name, subject, room and term.",
        _form("Save", SettingsState.save, fields),
        open=SettingsState.editing,
        on_open_change=SettingsState.set_editing,
    )


def _naming() -> rx.Component:
    name = ui.text_field(
        "section_name",
        "Name",
        default_value=SettingsState.section_was,
        required=True,
        max_length=80,
        auto_complete="off",
        auto_focus=True,
    )
    return ui.dialog(
        rx.cond(SettingsState.section_id, "Rename section", "New section"),
        "A part of the class, such as a lab group. It can have due dates of its own.",
        _form("Save", SettingsState.save_section, name),
        open=SettingsState.naming,
        on_open_change=SettingsState.set_naming,
    )


def _removing() -> rx.Component:
    return ui.confirm_dialog(
        "Remove the section " + SettingsState.section_was + "?",
        "Its students stay in the class, in no section.",
        open=SettingsState.removing,
        on_open_change=SettingsState.set_removing,
        confirm="Remove section",
        on_confirm=SettingsState.remove_section,
    )


def _copying() -> rx.Component:
    none = ui.callout("You teach no other class to copy from.", "amber")
    form = _form(
        "Copy",
        SettingsState.copy,
        ui.select_field("copy_from", "From", SettingsState.sources),
        ui.check_field("copy_staff", "Also its teachers and aides"),
    )
    return ui.dialog(
        "Copy people from another class",
        "Its students come with their sections. Who was withdrawn there is left out; nobody here is changed.",
        rx.cond(SettingsState.sources.length() > 0, form, none),
        open=SettingsState.copying,
        on_open_change=SettingsState.set_copying,
    )


def _archiving() -> rx.Component:
    return ui.confirm_dialog(
        "Archive " + ClassState.head.name + "?",
        "Everybody in it can still read it. Nothing in it can be changed until you bring it back.",
        open=SettingsState.archiving,
        on_open_change=SettingsState.set_archiving,
        confirm="Archive",
        on_confirm=[SettingsState.set_archiving(False), ClassState.archive],
        danger=False,
    )
