"""The files that a GPT answers from, in its editor."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.data import file_state
from faraday_app.contexts.data_views import KnownView
from faraday_app.contexts.state import KnowledgeState
from faraday_app.contexts.state.knowledge import FIELD

ACCEPT = ".txt,.md,.markdown,.csv,.tsv,.json,.html,.htm,.pdf,.docx"
BY_WORDS = (
    "Passages are found by their words here, not by their meaning: the database has no pgvector, or the model of"
    " sentences is not installed."
)


def known_files() -> rx.Component:
    """How far each is read, and the way to add more."""
    field = rx.el.input(type="file", id=FIELD, accept=ACCEPT, multiple=True, class_name="input")
    takes = "Text, Markdown, CSV, JSON, HTML, PDF or Word, up to 20 MB each and 20 files."
    add = ui.secondary_button("Add files", icon="upload", on_click=KnowledgeState.send, busy=KnowledgeState.sending)
    problem = rx.el.div(ui.callout(KnowledgeState.problem, "red"), role="alert")
    return rx.el.section(
        ui.divider(),
        rx.el.h2("Files it knows"),
        rx.el.p("To each question it is given the passages that fit. Only you see which files these are.",
                class_name="meta"),
        rx.cond(KnowledgeState.by_words, ui.callout(BY_WORDS, "amber"), rx.fragment()),
        rx.cond(KnowledgeState.problem, problem, rx.fragment()),
        rx.cond(KnowledgeState.loaded, _files(), ui.skeleton_lines(2)),
        ui.form_field(FIELD, "More files", field, takes),
        rx.el.div(add, class_name="row"),
        class_name="stack known",
        aria_label="Files it knows",
    )  # fmt: skip


def _files() -> rx.Component:
    nothing = rx.el.p("None yet: it answers from its instructions alone.", class_name="meta")
    return rx.cond(KnowledgeState.files, ui.rows(rx.foreach(KnowledgeState.files, _file)), nothing)


def _file(file: KnownView) -> rx.Component:
    again = ui.icon_button(
        "Read " + file.name + " again", "rotate_cw", size="small", on_click=KnowledgeState.again(file.id)
    )
    remove = ui.icon_button("Remove " + file.name, "x", size="small", on_click=KnowledgeState.remove(file.id))
    return ui.row_item(
        file.name,
        rx.cond(file.problem, rx.el.span(file.problem, class_name="line"), file.about),
        leading=rx.icon("file_text", size=15),
        trailing=rx.fragment(file_state(file.state), rx.cond(file.state == "failed", again, rx.fragment()), remove),
        key=file.id,
    )
