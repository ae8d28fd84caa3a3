"""Bring conversations from elsewhere, and see what came."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.import_views import ImportView
from faraday_app.contexts.state import ImportingState
from faraday_app.contexts.state.importing import FIELD


def import_dialog() -> rx.Component:
    """One file at a time; the newest ones with what came and what could not be read."""
    field = rx.el.input(type="file", id=FIELD, accept=".zip,.json,.md,.markdown,.txt", class_name="input")
    takes = "A ChatGPT export (the ZIP or its conversations.json), a JSON file of Faraday's, or Markdown. Up to 200 MB."
    return ui.dialog(
        "Import conversations",
        "They become yours alone. The same file again adds only what is new in it.",
        ui.form_field(FIELD, "File", field, takes, ImportingState.problem),
        rx.el.div(
            ui.primary_button("Import", icon="upload", on_click=ImportingState.send, busy=ImportingState.sending),
            class_name="row",
        ),
        rx.cond(ImportingState.items, ui.rows(rx.foreach(ImportingState.items, _item)), rx.fragment()),
        open=ImportingState.open,
        on_open_change=ImportingState.set_open,
        width="560px",
    )


def _item(item: ImportView) -> rx.Component:
    meter = rx.cond(item.is_over, rx.fragment(), ui.meter("Read so far", item.percent))
    problems = rx.cond(
        item.problems,
        ui.fold(
            "What could not be read",
            rx.el.ul(rx.foreach(item.problems, _problem), class_name="meta"),
            rx.cond(item.more, rx.el.p(item.more, class_name="meta"), rx.fragment()),
        ),
        rx.fragment(),
    )
    return rx.el.div(
        ui.row_item(item.name, item.at, trailing=ui.badge(item.state, item.tone)),
        rx.el.p(item.came, class_name="meta", role="status"),
        meter,
        problems,
        key=item.id,
    )


def _problem(problem: rx.Var[str]) -> rx.Component:
    return rx.el.li(problem)
