"""Add or change a page, a link, a folder, and what is said about a file."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.service.materials.drafts import LONGEST_PAGE
from faraday_app.coursework.state.materials import MaterialEditorState


def editor_dialog() -> rx.Component:
    state = MaterialEditorState
    what = rx.match(state.kind, ("link", "link"), ("folder", "folder"), ("file", "file"), "page")
    return ui.dialog(
        rx.cond(state.id, rx.fragment("Edit ", what), rx.fragment("Add a ", what)),
        rx.cond(
            state.kind == "folder", "Folders keep what belongs together.", "Your class finds it by its words and tags."
        ),
        rx.cond(state.problem, rx.el.div(ui.callout(state.problem, "red"), role="alert"), rx.fragment()),
        rx.cond(state.open, _form(), rx.fragment()),
        open=state.open,
        on_open_change=state.set_open,
        width="680px",
    )


def _form() -> rx.Component:
    state = MaterialEditorState
    label = rx.cond(state.kind == "folder", "Name", "Title")
    places: Any = rx.Var.create([("", "At the top")]) + state.folders
    return rx.el.form(
        ui.text_field(
            "material_title", label, default_value=state.title, max_length=200, required=True, auto_complete="off"
        ),
        rx.match(state.kind, ("link", _url()), ("page", _body()), rx.fragment()),
        ui.select_field("material_folder", "Folder", places, default_value=state.folder),
        rx.cond(state.kind == "folder", rx.fragment(), _details()),
        rx.el.div(
            ui.secondary_button("Cancel", on_click=state.set_open(False)),
            ui.primary_button(rx.cond(state.id, "Save", "Add"), type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=state.save,
        class_name="stack",
        key=state.id + state.kind,
    )


def _url() -> rx.Component:
    return ui.text_field(
        "material_url",
        "Address",
        type="url",
        default_value=MaterialEditorState.url,
        max_length=2_000,
        placeholder="https://",
        required=True,
    )


def _body() -> rx.Component:
    return ui.textarea_field(
        "material_body",
        "Text",
        default_value=MaterialEditorState.body,
        rows=12,
        max_length=LONGEST_PAGE,
        required=True,
        help="Markdown: # heading, **bold**, - list, tables and links. Saving other words makes a new version.",
    )


def _details() -> rx.Component:
    state = MaterialEditorState
    return rx.fragment(
        ui.text_field(
            "material_tags", "Tags", default_value=state.tags, help="Between commas, at most ten.", auto_complete="off"
        ),
        ui.text_field(
            "material_about", "What it is about", default_value=state.about, max_length=500, auto_complete="off"
        ),
        ui.check_field(
            "material_draft", "Draft", help="Only the staff of the class sees it.", default_checked=state.draft
        ),
        rx.el.div(
            ui.text_field("material_from", "Visible from", type="datetime-local", default_value=state.visible_from),
            ui.text_field("material_until", "Until", type="datetime-local", default_value=state.visible_until),
            class_name="pair",
        ),
        rx.cond(state.sections, _sections(), rx.fragment()),
    )


def _sections() -> rx.Component:
    def chip(section: Any) -> rx.Component:
        chosen = MaterialEditorState.chosen.contains(section[0])
        return ui.filter_chip(section[1], on=chosen, on_click=MaterialEditorState.choose_section(section[0]))

    return rx.el.div(
        rx.el.span("For these sections only (none: the whole class)", class_name="meta"),
        rx.el.div(
            rx.foreach(MaterialEditorState.sections, chip), class_name="row wrap", role="group", aria_label="Sections"
        ),
        class_name="stack-tight",
    )
