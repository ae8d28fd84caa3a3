"""One's own keys to the HTTP API."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.components import (
    key_dialogs,
    key_lists,
)
from faraday_app.security.state import KeysState

KEYS = ui.Nav("keys", "API keys", "key_round", section="Administration", order=30)


@ui.page("/keys", "API keys", Permission.api_keys_manage, nav=KEYS, on_load=[KeysState.enter])
def keys_page() -> rx.Component:
    create = ui.primary_button("Create key", icon="plus", on_click=KeysState.set_creating(True))
    header = ui.header("API keys", rx.el.span(KeysState.rows.length(), class_name="num"), actions=[create])
    lead = rx.el.p("Keys let your own programs use Faraday for you. Each shows its secret once.", class_name="muted")
    return ui.list_page(header, lead, key_lists(), key_dialogs())
