"""How Faraday looks: `from faraday_app import ui`, then `ui.tile(...)`. Knows no domain."""

from faraday_app.ui.primitives.auth_form import auth_form, told
from faraday_app.ui.primitives.avatar import avatar, avatars, presence_dot
from faraday_app.ui.primitives.badge import badge, divider, kbd, meta
from faraday_app.ui.primitives.button import (
    copy_button,
    danger_button,
    ghost_button,
    icon_button,
    primary_button,
    secondary_button,
)
from faraday_app.ui.primitives.chart import Sparkline, meter, meter_stack, sparkline, sparkline_paths
from faraday_app.ui.primitives.explanation import ExplainedLine, ExplainedPart, Explanation, explanation
from faraday_app.ui.primitives.feedback import (
    callout,
    empty_state,
    error_state,
    fold,
    notify,
    skeleton_lines,
    skeleton_table,
)
from faraday_app.ui.primitives.field import (
    check_field,
    form_field,
    password_field,
    save_bar,
    select_field,
    text_field,
    textarea_field,
)
from faraday_app.ui.primitives.filters import (
    active_filters,
    filter_bar,
    filter_chip,
    filter_select,
    more_filters,
    search_field,
)
from faraday_app.ui.primitives.link import go, link, outside_link
from faraday_app.ui.primitives.mark import brand, mark
from faraday_app.ui.primitives.menu import MenuItem, menu, row_menu
from faraday_app.ui.primitives.navigation import Tab, breadcrumb, tabs
from faraday_app.ui.primitives.overlay import confirm_dialog, dialog, popover, sheet
from faraday_app.ui.primitives.person_picker import person_picker
from faraday_app.ui.primitives.table import NO_MATCH, Column, Empty, bulk_bar, data_table, pager
from faraday_app.ui.primitives.tile import row_item, rows, stat, tile, tiles, trend
from faraday_app.ui.shell import Nav, account_sections, add_account_section, add_top_bar_item, allowed, header, page
from faraday_app.ui.templates import (
    auth_card,
    detail_page,
    form_page,
    form_section,
    home_page,
    list_page,
    pane_switches,
    workspace_page,
)
from faraday_app.ui.theme import app_options

__all__ = [
    "NO_MATCH",
    "Column",
    "Empty",
    "ExplainedLine",
    "ExplainedPart",
    "Explanation",
    "MenuItem",
    "Nav",
    "Sparkline",
    "Tab",
    "account_sections",
    "active_filters",
    "add_account_section",
    "add_top_bar_item",
    "allowed",
    "app_options",
    "auth_card",
    "auth_form",
    "avatar",
    "avatars",
    "badge",
    "brand",
    "breadcrumb",
    "bulk_bar",
    "callout",
    "check_field",
    "confirm_dialog",
    "copy_button",
    "danger_button",
    "data_table",
    "detail_page",
    "dialog",
    "divider",
    "empty_state",
    "error_state",
    "explanation",
    "filter_bar",
    "filter_chip",
    "filter_select",
    "fold",
    "form_field",
    "form_page",
    "form_section",
    "ghost_button",
    "go",
    "header",
    "home_page",
    "icon_button",
    "kbd",
    "link",
    "list_page",
    "mark",
    "menu",
    "meta",
    "meter",
    "meter_stack",
    "more_filters",
    "notify",
    "outside_link",
    "page",
    "pager",
    "pane_switches",
    "password_field",
    "person_picker",
    "popover",
    "presence_dot",
    "primary_button",
    "row_item",
    "row_menu",
    "rows",
    "save_bar",
    "search_field",
    "secondary_button",
    "select_field",
    "sheet",
    "skeleton_lines",
    "skeleton_table",
    "sparkline",
    "sparkline_paths",
    "stat",
    "tabs",
    "text_field",
    "textarea_field",
    "tile",
    "tiles",
    "told",
    "trend",
    "workspace_page",
]
