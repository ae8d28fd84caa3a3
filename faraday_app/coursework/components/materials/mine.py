"""The materials of all of one's classes."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.components.materials.rows import KINDS, opener, tags_of
from faraday_app.coursework.material_views import MaterialRow
from faraday_app.coursework.state.materials import MyMaterialsState

_FILTERED = (MyMaterialsState.search != "") | (MyMaterialsState.kind != "") | (MyMaterialsState.tag != "")
_NOTHING = "What is handed out in your classes stands here, the newest first. It appears by itself."


def mine_filters() -> rx.Component:
    clear = ui.ghost_button("Clear", icon="x", size="small", on_click=MyMaterialsState.clear)
    tags: Any = rx.Var.create([("", "Any tag")]) + MyMaterialsState.tags
    by_tag = ui.filter_select("Tag", tags, MyMaterialsState.tag, MyMaterialsState.set_tag)
    return ui.filter_bar(
        ui.search_field("Search all your classes", MyMaterialsState.search, MyMaterialsState.set_search),
        ui.filter_select("Kind", KINDS, MyMaterialsState.kind, MyMaterialsState.set_kind),
        rx.cond(MyMaterialsState.tags, by_tag, rx.fragment()),
        rx.cond(_FILTERED, clear, rx.fragment()),
    )


def mine_table() -> rx.Component:
    return ui.data_table(
        "Materials",
        [
            ui.Column("Title", opener, width="44%"),
            ui.Column("Class", _class, width="20%"),
            ui.Column("Tags", tags_of, width="16%", phone="hide"),
            ui.Column("Changed", lambda row: rx.el.span(row.when, class_name="muted"), width="12%"),
        ],
        MyMaterialsState.rows,
        empty=ui.Empty("library", "No materials yet", _NOTHING, ui.secondary_button("Your classes", to="/classes")),
        loading=MyMaterialsState.loading,
        error=MyMaterialsState.error,
        retry=MyMaterialsState.refresh,
        filtered=_FILTERED,
        footer=ui.pager(
            MyMaterialsState.shown,
            on_previous=MyMaterialsState.previous_page,
            on_next=MyMaterialsState.next_page,
            has_previous=MyMaterialsState.has_previous,
            has_next=MyMaterialsState.has_next,
        ),
    )


def _class(row: MaterialRow) -> rx.Component:
    where: Any = "/class/materials?id=" + row.class_id
    return rx.el.span(ui.link(row.class_name, to=where))
