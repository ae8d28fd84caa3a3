"""What is needed for an assignment, on its page."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.components.materials.rows import opener, sign, state_badge
from faraday_app.coursework.material_views import MaterialRow
from faraday_app.coursework.state.materials import AttachedState, AttachState


def attached(may_change: rx.Var[bool]) -> rx.Component:
    """Students and parents see nothing at all where nothing is attached."""
    rows = rx.el.div(ui.rows(rx.foreach(AttachedState.rows, lambda row: _row(row, may_change))), class_name="panel")
    hint = rx.el.p("Pages, files and links of the class's library that students need for this.", class_name="meta")
    add = ui.secondary_button("Attach materials", icon="paperclip", size="small", on_click=AttachState.begin)
    section = rx.el.section(
        rx.el.div(rx.el.h2("Materials", class_name="grow"), rx.cond(may_change, add, rx.fragment()), class_name="row"),
        rx.cond(AttachedState.rows, rows, hint),
        class_name="stack",
        aria_label="Materials",
    )
    return rx.cond((AttachedState.rows.length() > 0) | AttachedState.is_staff, section, rx.fragment())


def _row(row: MaterialRow, may_change: rx.Var[bool]) -> rx.Component:
    tools = rx.el.span(
        ui.icon_button("Move " + row.title + " up", "arrow_up", size="small", on_click=AttachedState.move(row.id, -1)),
        ui.icon_button(
            "Move " + row.title + " down", "arrow_down", size="small", on_click=AttachedState.move(row.id, 1)
        ),
        ui.icon_button("Take " + row.title + " away", "x", size="small", on_click=AttachedState.take_away(row.id)),
        class_name="row",
    )
    return rx.el.div(
        rx.el.div(opener(row), class_name="grow"),
        rx.cond(may_change, tools, rx.fragment()),
        class_name="item row",
        key=row.id,
    )


def attach_dialog() -> rx.Component:
    library: Any = "/class/materials?id=" + AttachedState.class_id
    count = AttachState.chosen.length()
    nothing = rx.el.p(AttachState.nothing, " ", ui.link("Open the library", to=library), class_name="meta pad")
    rows = rx.cond(AttachState.found, ui.rows(rx.foreach(AttachState.found, _choice)), nothing)
    label = rx.cond(count > 1, rx.Var.create("Attach ") + count.to_string() + " materials", "Attach")
    return ui.dialog(
        "Attach materials",
        "Of the library of the class. Students see what is shown to them at the moment.",
        rx.cond(AttachState.problem, rx.el.div(ui.callout(AttachState.problem, "red"), role="alert"), rx.fragment()),
        ui.search_field("Search the library", AttachState.search, AttachState.set_search, name="attach_search"),
        rx.el.div(rows, class_name="panel scroll"),
        open=AttachState.open,
        on_open_change=AttachState.set_open,
        actions=[
            ui.secondary_button("Cancel", on_click=AttachState.set_open(False)),
            ui.primary_button(label, on_click=AttachState.attach, disabled=count == 0),
        ],
        width="620px",
    )


def _choice(row: MaterialRow) -> rx.Component:
    box = rx.el.input(
        type="checkbox",
        checked=AttachState.chosen.contains(row.id),
        on_change=lambda _: AttachState.toggle(row.id),
        aria_label=row.title,
    )
    return ui.row_item(
        row.title, row.about, leading=rx.fragment(box, sign(row.icon)), trailing=state_badge(row), key=row.id
    )
