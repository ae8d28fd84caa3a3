"""The frame every page lives in: registration, navigation, top bar."""

from faraday_app.ui.shell.frame import frame, header, mount
from faraday_app.ui.shell.navigation import allowed
from faraday_app.ui.shell.registry import (
    PAGES,
    TOP_BAR,
    Nav,
    PageSpec,
    account_sections,
    add_account_section,
    add_top_bar_item,
    page,
    places,
)

__all__ = [
    "PAGES",
    "TOP_BAR",
    "Nav",
    "PageSpec",
    "account_sections",
    "add_account_section",
    "add_top_bar_item",
    "allowed",
    "frame",
    "header",
    "mount",
    "page",
    "places",
]
