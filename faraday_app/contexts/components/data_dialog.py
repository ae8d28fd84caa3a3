"""Add something to the data of a conversation, or look at it and change it."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.data import ICONS
from faraday_app.contexts.service.data import LONGEST
from faraday_app.contexts.state import DataEditorState, ThreadState
from faraday_app.contexts.state.data_editor import FIELD

ACCEPT = ".txt,.md,.markdown,.csv,.tsv,.json,.html,.htm,.pdf,.docx"
KINDS = ("note", "text", "table", "link", "file")


def data_dialog() -> rx.Component:
    problem = rx.el.div(ui.callout(DataEditorState.problem, "red"), role="alert")
    return ui.dialog(
        rx.cond(DataEditorState.id, DataEditorState.title, "Add data"),
        "Answers are given it as material. Instructions in it have no force.",
        rx.cond(DataEditorState.id, rx.fragment(), _kinds()),
        rx.cond(DataEditorState.problem, problem, rx.fragment()),
        rx.cond((DataEditorState.kind == "file") & (DataEditorState.id == ""), _sending(), _form()),
        open=DataEditorState.open,
        on_open_change=DataEditorState.set_open,
        width="640px",
    )


def _kinds() -> rx.Component:
    def chip(kind: str) -> rx.Component:
        chosen = DataEditorState.kind == kind
        return ui.filter_chip(kind.capitalize(), on=chosen, on_click=DataEditorState.set_kind(kind), icon=ICONS[kind])

    return rx.el.div(*map(chip, KINDS), class_name="row wrap", role="group", aria_label="What to add")


def _sending() -> rx.Component:
    field = rx.el.input(type="file", id=FIELD, accept=ACCEPT, multiple=True, class_name="input")
    takes = "Text, Markdown, CSV, JSON, HTML, PDF or Word, up to 20 MB each. They are kept encrypted."
    return rx.el.div(
        ui.form_field(FIELD, "Files", field, takes),
        rx.el.div(
            ui.secondary_button("Cancel", on_click=DataEditorState.set_open(False)),
            ui.primary_button("Add", icon="upload", on_click=DataEditorState.send, busy=DataEditorState.sending),
            class_name="dialog-foot",
        ),
        class_name="stack",
    )


def _form() -> rx.Component:
    """For those who may only read, without a way to save."""
    save = rx.el.div(
        ui.secondary_button("Cancel", on_click=DataEditorState.set_open(False)),
        ui.primary_button(rx.cond(DataEditorState.id, "Save", "Add"), type="submit"),
        class_name="dialog-foot",
    )
    return rx.el.form(
        ui.text_field(
            "data_title",
            "Title",
            default_value=DataEditorState.title,
            max_length=200,
            placeholder="Found by itself when it is empty",
            read_only=~ThreadState.may_write,
        ),
        rx.cond(DataEditorState.rows, _table(), rx.fragment()),
        rx.cond(
            (DataEditorState.file != "") & (DataEditorState.kind != "link"),
            _file(),
            rx.match(
                DataEditorState.kind,
                ("link", _address()),
                ("table", _words("Rows", "The first row names the columns. Commas, semicolons or tabs between cells.")),
                ("text", _words("Text", "", rows=12)),
                _words("Note", ""),
            ),
        ),
        rx.cond(ThreadState.may_write, save, rx.fragment()),
        on_submit=DataEditorState.save,
        class_name="stack",
        key=DataEditorState.id + DataEditorState.kind,
    )


def _words(label: str, help: str, rows: int = 6) -> rx.Component:
    return ui.textarea_field(
        "data_content",
        label,
        default_value=DataEditorState.content,
        rows=rows,
        max_length=LONGEST,
        help=help,
        read_only=~ThreadState.may_write,
    )


def _address() -> rx.Component:
    read = rx.cond(
        DataEditorState.file,
        rx.el.p("Its page was read: ", DataEditorState.file, class_name="meta"),
        rx.el.p("Answers are given the address, and the text of its page once you have it read.", class_name="meta"),
    )
    return rx.fragment(
        ui.text_field(
            "data_content",
            "Address",
            type="url",
            default_value=DataEditorState.content,
            max_length=2_000,
            placeholder="https://",
            read_only=~ThreadState.may_write,
        ),
        rx.cond(DataEditorState.id, rx.fragment(read, ui.outside_link("Open", DataEditorState.content)), rx.fragment()),
    )


def _file() -> rx.Component:
    """Its words as they were read; of a table the rows stand above already."""
    text = rx.el.pre(DataEditorState.content, class_name="data-text", tab_index=0, aria_label="Text of the file")
    return rx.fragment(
        rx.el.div(
            rx.el.span(DataEditorState.file, class_name="meta grow"),
            ui.download_link("Download", to=DataEditorState.download),
            class_name="row",
        ),
        rx.cond((DataEditorState.content != "") & (DataEditorState.kind != "table"), text, rx.fragment()),
    )


def _table() -> rx.Component:
    def cell(text: rx.Var[str]) -> rx.Component:
        return rx.el.td(text)

    def head(text: rx.Var[str]) -> rx.Component:
        return rx.el.th(text, scope="col")

    rows = rx.foreach(DataEditorState.rows, lambda row: rx.el.tr(rx.foreach(row, cell)))
    table = rx.el.table(
        rx.el.thead(rx.el.tr(rx.foreach(DataEditorState.head, head))),
        rx.el.tbody(rows),
    )
    return rx.fragment(
        rx.el.div(table, class_name="panel data-table", tab_index=0, role="region", aria_label="The table"),
        rx.cond(DataEditorState.more, rx.el.p(DataEditorState.more, class_name="meta"), rx.fragment()),
    )
