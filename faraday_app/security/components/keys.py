"""The lists on the page of API keys."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.state import AllKeysState, KeyActsState, KeysState
from faraday_app.security.views import KeyView


def key_lists() -> rx.Component:
    """One's own; beside them everybody's for those who see to security."""
    own = ui.Tab("mine", "Your keys", keys_table())
    every = ui.Tab("all", "All keys", rx.el.div(_search(), all_keys_table(), class_name="stack"))
    return rx.cond(ui.allowed(Permission.security_manage), ui.tabs(own, every), keys_table())


def keys_table() -> rx.Component:
    create = ui.secondary_button("Create a key", icon="plus", on_click=KeysState.set_creating(True))
    return ui.data_table(
        "Your API keys",
        [
            ui.Column("Name", _name, width="30%"),
            ui.Column("May", _scopes),
            ui.Column("Last used", lambda row: rx.el.span(row.used, class_name="muted"), width="14%"),
            ui.Column("Expires", _expiry, width="20%"),
        ],
        KeysState.rows,
        empty=ui.Empty(
            "key_round", "You have no API keys", "A key lets a program of yours do here what you may do.", create
        ),
        loading=KeysState.loading,
        error=KeysState.error,
        retry=KeysState.refresh,
        menu=lambda row: _menu(row, own=True),
    )


def all_keys_table() -> rx.Component:
    return ui.data_table(
        "All API keys of the organisation",
        [
            ui.Column("Name", _name, width="22%"),
            ui.Column("Owner", lambda row: row.owner, width="14%"),
            ui.Column("May", _scopes, phone="hide"),
            ui.Column("Created", lambda row: rx.el.span(row.made, class_name="muted"), width="12%"),
            ui.Column("Last used", lambda row: rx.el.span(row.used, class_name="muted"), width="12%"),
            ui.Column("Expires", _expiry, width="18%"),
        ],
        AllKeysState.rows,
        empty=ui.Empty("key_round", "Nobody has an API key", "Keys that people make are listed here."),
        loading=AllKeysState.loading,
        error=AllKeysState.error,
        retry=AllKeysState.refresh,
        filtered=AllKeysState.search != "",
        menu=lambda row: _menu(row, own=False),
        footer=ui.pager(
            AllKeysState.shown,
            on_previous=AllKeysState.previous_page,
            on_next=AllKeysState.next_page,
            has_previous=AllKeysState.has_previous,
            has_next=AllKeysState.has_next,
        ),
    )


def _search() -> rx.Component:
    return ui.filter_bar(ui.search_field("Search keys", AllKeysState.search, AllKeysState.set_search))


def _name(row: KeyView) -> rx.Component:
    return ui.row_item(row.name, rx.el.code(row.prefix))


def _scopes(row: KeyView) -> rx.Component:
    badges = rx.foreach(row.scopes, _scope)
    return rx.el.span(badges, class_name="row", style={"flexWrap": "wrap", "gap": "4px"})


def _scope(words: rx.Var[str]) -> rx.Component:
    return ui.badge(words)


def _expiry(row: KeyView) -> rx.Component:
    date = rx.cond(row.badge, ui.badge(row.badge, "amber"), rx.el.span(row.expires, class_name="num"))
    note = rx.cond(row.note, rx.el.span(row.note, class_name="meta"), rx.fragment())
    return rx.el.span(
        date, note, style={"display": "flex", "flexDirection": "column", "alignItems": "flex-start", "gap": "2px"}
    )


def _menu(row: KeyView, *, own: bool) -> rx.Component:
    rotate = [ui.MenuItem("Rotate", KeyActsState.ask_rotate(row.id), icon="refresh_cw")] if own else []
    return ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Details", KeyActsState.show(row.id), icon="info"),
        *rotate,
        ui.MenuItem("Revoke", KeyActsState.ask_revoke(row.id), icon="trash_2", danger=True),
    )
