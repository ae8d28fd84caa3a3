"""The list of templates, and bringing some in from a file."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.state import TemplatesState
from faraday_app.contexts.template_views import TemplateView


def templates_filters() -> rx.Component:
    def chip(text: str, which: str, on: rx.Var[bool]) -> rx.Component:
        return ui.filter_chip(text, on=on, on_click=TemplatesState.show(which))

    export = ui.ghost_button("Export these", icon="download", size="small", on_click=TemplatesState.export_all)
    bring = ui.ghost_button("Import", icon="upload", size="small", on_click=TemplatesState.set_importing(True))
    return ui.filter_bar(
        ui.search_field("Search templates", TemplatesState.search, TemplatesState.set_search),
        ui.filter_select("Category", TemplatesState.categories, TemplatesState.category, TemplatesState.set_category),
        chip("Current", "current", ~TemplatesState.archived),
        chip("Archived", "archived", TemplatesState.archived),
        trailing=(bring, rx.cond(TemplatesState.rows, export, rx.fragment())),
    )


def templates_table() -> rx.Component:
    make = ui.secondary_button("New template", icon="plus", to="/templates/new")
    return ui.data_table(
        "Templates",
        [
            ui.Column("Name", _name, width="44%"),
            ui.Column("Category", lambda row: ui.badge(row.category)),
            ui.Column("By", lambda row: rx.el.span(row.whose, class_name="muted"), phone="hide"),
            ui.Column("For", lambda row: ui.badge(row.audience, rx.cond(row.shared, "green", "neutral"))),
        ],
        TemplatesState.rows,
        empty=ui.Empty(
            "text_cursor_input",
            "No templates yet",
            "Write a prompt once, leave blanks in it, and fill them in each time you need it.",
            make,
        ),
        loading=TemplatesState.loading,
        error=TemplatesState.error,
        retry=TemplatesState.refresh,
        filtered=(TemplatesState.search != "") | (TemplatesState.category != "") | TemplatesState.archived,
        menu=_menu,
        footer=ui.pager(
            TemplatesState.shown,
            on_previous=TemplatesState.previous_page,
            on_next=TemplatesState.next_page,
            has_previous=TemplatesState.has_previous,
            has_next=TemplatesState.has_next,
        ),
    )


def _name(row: TemplateView) -> rx.Component:
    return ui.row_item(ui.link(row.name, "/templates/" + row.id), row.about)


def _menu(row: TemplateView) -> rx.Component:
    archive, restore = TemplatesState.set_archived(row.id, True), TemplatesState.set_archived(row.id, False)
    return ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Make a copy", TemplatesState.copy(row.id), "copy_plus"),
        ui.MenuItem("Export", TemplatesState.export(row.id), "download"),
        ui.MenuItem("Archive", archive, "archive", shown=row.mine & ~row.archived),
        ui.MenuItem("Bring back", restore, "undo_2", shown=row.mine & row.archived),
    )


def templates_import() -> rx.Component:
    """The file is read in the browser and shown before it is sent."""
    file = rx.el.input(
        id="template_choice",
        type="file",
        accept=".json,application/json",
        class_name="input",
        custom_attrs={"data-reads-into": "template_file"},
    )
    problem = rx.el.div(ui.callout(TemplatesState.problem, "red"), role="alert")
    form = rx.el.form(
        rx.cond(TemplatesState.problem, problem, rx.fragment()),
        ui.form_field("template_choice", "File", file),
        ui.textarea_field("template_file", "What is in it", rows=8, required=True),
        rx.el.div(
            ui.secondary_button("Cancel", on_click=TemplatesState.set_importing(False)),
            ui.primary_button("Import", type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=TemplatesState.import_file,
        class_name="stack",
    )
    return ui.dialog(
        "Import templates",
        "They are yours alone, whoever made them, until you share them.",
        form,
        open=TemplatesState.importing,
        on_open_change=TemplatesState.set_importing,
        width="560px",
    )
