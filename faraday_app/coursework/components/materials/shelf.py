"""The library of one class."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.classes.views import class_places
from faraday_app.coursework.components.materials.rows import KINDS, opener, state_badge, tags_of
from faraday_app.coursework.material_views import FolderView, MaterialRow
from faraday_app.coursework.state.materials import MaterialEditorState, ShelfState
from faraday_app.coursework.state.materials.shelf import FIELD, PROGRESS
from faraday_app.ui.primitives.places import place_row

_FILTERED = (ShelfState.search != "") | (ShelfState.kind != "") | (ShelfState.tag != "")


def library_header() -> rx.Component:
    add = ui.menu(
        ui.primary_button("Add", icon="plus"),
        ui.MenuItem("Page", MaterialEditorState.begin("page"), "file_text"),
        ui.MenuItem("Link", MaterialEditorState.begin("link"), "link"),
        ui.MenuItem("Folder", MaterialEditorState.begin("folder"), "folder_plus"),
    )
    return rx.fragment(
        ui.header(
            rx.cond(ShelfState.head.name, ShelfState.head.name, "Materials"),
            rx.el.span(ShelfState.head.term, class_name="muted"),
            actions=[rx.cond(ShelfState.manages, add, rx.fragment())],
            back="/classes",
        ),
        place_row("Places of the class", class_places(), current="materials", id=ShelfState.head.id),
    )


def library_filters() -> rx.Component:
    clear = ui.ghost_button("Clear", icon="x", size="small", on_click=ShelfState.clear)
    tags: Any = rx.Var.create([("", "Any tag")]) + ShelfState.tags
    deleted = ui.filter_chip(
        "Deleted", on=ShelfState.removed, on_click=ShelfState.show_removed(~ShelfState.removed), icon="trash_2"
    )
    return ui.filter_bar(
        ui.search_field("Search this class", ShelfState.search, ShelfState.set_search),
        ui.filter_select("Kind", KINDS, ShelfState.kind, ShelfState.set_kind),
        rx.cond(ShelfState.tags, ui.filter_select("Tag", tags, ShelfState.tag, ShelfState.set_tag), rx.fragment()),
        ui.filter_chip(
            "Cards", on=ShelfState.cards, on_click=ShelfState.set_cards(~ShelfState.cards), icon="layout_grid"
        ),
        rx.cond(ShelfState.manages, deleted, rx.fragment()),
        rx.cond(_FILTERED, clear, rx.fragment()),
    )


def library() -> rx.Component:
    crumbs = rx.cond(ShelfState.crumbs & ~_FILTERED & ~ShelfState.removed, _crumbs(), rx.fragment())
    return rx.el.div(
        crumbs,
        rx.cond(ShelfState.manages & ~ShelfState.removed & ~_FILTERED, _drop(), rx.fragment()),
        rx.cond(ShelfState.problem, rx.el.div(ui.callout(ShelfState.problem, "red"), role="alert"), rx.fragment()),
        rx.cond(
            ShelfState.folders, rx.el.ul(rx.foreach(ShelfState.folders, _folder), class_name="folders"), rx.fragment()
        ),
        rx.cond(ShelfState.cards & (ShelfState.rows.length() > 0), _cards(), _table()),
        class_name="stack",
    )


def _crumbs() -> rx.Component:
    def crumb(each: Any) -> rx.Component:
        is_here = each[0] == ShelfState.folder_id
        there = rx.el.button(each[1], type="button", class_name="link bare", on_click=ShelfState.open_folder(each[0]))
        return rx.el.li(rx.cond(is_here, rx.el.span(each[1], aria_current="page"), there), key=each[0])

    top = rx.el.button("All materials", type="button", class_name="link bare", on_click=ShelfState.open_folder(""))
    return rx.el.nav(
        rx.el.ol(rx.el.li(top), rx.foreach(ShelfState.crumbs, crumb)), class_name="crumbs", aria_label="Folders"
    )


def _drop() -> rx.Component:
    """The field lies over the whole of it: files dropped there are chosen, by the browser itself."""
    field = rx.el.input(
        type="file",
        id=FIELD,
        multiple=True,
        on_change=ShelfState.upload,
        aria_label="Files to add",
        disabled=ShelfState.sending,
    )
    words = rx.cond(ShelfState.sending, "Adding your files…", "Drop files here, or choose them. Up to 20 MB each.")
    return rx.fragment(
        rx.el.div(rx.icon("upload", size=18), rx.el.span(words), field, class_name="drop"),
        rx.el.ul(id=PROGRESS, class_name="uploads bare", aria_label="Files on their way"),
    )


def _folder(folder: FolderView) -> rx.Component:
    menu = ui.row_menu(
        "Actions for the folder " + folder.name,
        ui.MenuItem("Rename or move", MaterialEditorState.edit_folder(folder.id), "pencil", shown=~ShelfState.removed),
        ui.MenuItem("Restore", ShelfState.restore_folder(folder.id), "undo_2", shown=ShelfState.removed),
        ui.MenuItem("Delete", ShelfState.delete_folder(folder.id), "trash_2", danger=True),
    )
    words = rx.el.span(
        rx.el.span(folder.name, class_name="title clip"), rx.el.span(folder.count, class_name="meta"), class_name="text"
    )
    open_it = rx.el.button(
        rx.icon("folder", size=18),
        words,
        type="button",
        class_name="open",
        on_click=ShelfState.open_folder(folder.id),
        disabled=ShelfState.removed,
    )
    return rx.el.li(open_it, rx.cond(ShelfState.manages, menu, rx.fragment()), class_name="folder", key=folder.id)


def _table() -> rx.Component:
    columns = [
        ui.Column("Title", opener, width="46%"),
        ui.Column("Tags", tags_of, width="18%", phone="hide"),
        ui.Column("Changed", lambda row: rx.el.span(row.when, class_name="muted"), width="12%"),
        ui.Column(
            "Opened", lambda row: rx.el.span(row.opened, class_name="num"), width="8%", align="end", phone="hide"
        ),
    ]
    table = ui.data_table(
        "Materials",
        columns,
        ShelfState.rows,
        empty=ui.Empty(
            "library",
            "Nothing here yet",
            rx.cond(ShelfState.removed, "What you delete is kept here.", ShelfState.nothing),
        ),
        loading=ShelfState.loading,
        error=ShelfState.error,
        retry=ShelfState.refresh,
        filtered=_FILTERED,
        menu=_menu,
        footer=_pager(),
    )
    only_folders = (ShelfState.folders.length() > 0) & (ShelfState.rows.length() == 0) & (ShelfState.error == "")
    return rx.cond(only_folders, rx.fragment(), table)


def _pager() -> rx.Component:
    return ui.pager(
        "",
        on_previous=ShelfState.previous_page,
        on_next=ShelfState.next_page,
        has_previous=ShelfState.has_previous,
        has_next=ShelfState.has_next,
    )


def _cards() -> rx.Component:
    def card(row: MaterialRow) -> rx.Component:
        foot = rx.el.div(
            rx.cond(row.state, state_badge(row), rx.el.span(row.when, class_name="meta")), _menu(row), class_name="row"
        )
        return rx.el.div(opener(row), tags_of(row), foot, class_name="material-card", key=row.id)

    return rx.fragment(rx.el.div(rx.foreach(ShelfState.rows, card), class_name="material-cards"), _pager())


def _menu(row: MaterialRow) -> rx.Component:
    menu = ui.row_menu(
        "Actions for " + row.title,
        ui.MenuItem("Edit", MaterialEditorState.edit(row.id), "pencil", shown=~ShelfState.removed),
        ui.MenuItem("Restore", ShelfState.restore(row.id), "undo_2", shown=ShelfState.removed),
        ui.MenuItem("Delete", ShelfState.delete(row.id), "trash_2", danger=True, shown=~ShelfState.removed),
    )
    return rx.cond(ShelfState.manages, menu, rx.fragment())
