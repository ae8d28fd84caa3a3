"""What a role, or one person, is allowed and denied: a line for each permission."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.state.rule_editing import RuleEditing
from faraday_app.organizations.views.roles import RuleView

_EFFECTS = [("", "Not set"), ("allow", "Allow"), ("deny", "Deny")]


def rules_tile(state: type[RuleEditing], *, fixed: Any = False) -> rx.Component:
    """``fixed``: to be read only, as those of a built-in role, which allow everything they name."""
    lead = rx.el.p(
        "A denial beats every allowance, wherever it comes from.", class_name="muted", style={"marginBottom": "4px"}
    )
    lines = rx.foreach(state.rows, lambda row: _line(state, row, fixed))
    return ui.tile("Permissions", "key_round", lead, rx.el.div(lines, class_name="permissions"))


def _line(state: type[RuleEditing], row: RuleView, fixed: Any) -> rx.Component:
    below = rx.cond(row.limits, row.limits, row.inherited)
    text = rx.el.span(
        rx.el.span(row.words),
        rx.cond(below, rx.el.span(below, class_name="meta"), rx.fragment()),
        class_name="permission-text",
    )
    acts = rx.cond(fixed, ui.badge("Allow", "green", icon="check"), _acts(state, row))
    head = rx.cond(row.head, rx.el.h3(row.head), rx.fragment())
    return rx.el.div(head, rx.el.div(text, acts, class_name="permission"), key=row.pattern)


def _acts(state: type[RuleEditing], row: RuleView) -> rx.Component:
    locked = ~ui.allowed(Permission.roles_manage)
    choice = rx.el.select(
        *[rx.el.option(label, value=value) for value, label in _EFFECTS],
        value=row.effect,
        on_change=lambda value: state.set_effect(row.pattern, value),
        aria_label=row.words,
        class_name="input effect",
        disabled=locked,
        custom_attrs={"data-effect": row.effect},
    )
    limit = ui.icon_button(
        "Conditions and end of " + row.words,
        "sliders_horizontal",
        on_click=state.limit(row.pattern),
        disabled=locked | (row.effect == ""),
    )
    return rx.el.span(choice, limit, class_name="row")
