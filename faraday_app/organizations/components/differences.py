"""Who gains and who loses what."""

import reflex as rx

from faraday_app import ui
from faraday_app.organizations.state.rule_editing import RuleEditing
from faraday_app.organizations.views.roles import DifferenceView


def what_if_tile(state: type[RuleEditing]) -> rx.Component:
    """Before saving: nothing until something was changed."""
    tile = ui.tile(
        "What saving changes",
        "git_compare",
        rx.el.p(state.difference, role="status"),
        rx.cond(state.differences.length() > 0, ui.rows(rx.foreach(state.differences, _person)), rx.fragment()),
    )
    return rx.cond(state.difference, tile, rx.fragment())


def _person(row: DifferenceView) -> rx.Component:
    return rx.el.div(
        ui.avatar(row.initials, row.tone),
        rx.el.span(rx.el.span(row.name, class_name="title"), gained(row.gains), lost(row.losses), class_name="text"),
        class_name="item",
        key=row.id,
    )


def gained(words: rx.Var[str]) -> rx.Component:
    return rx.cond(words, rx.el.span("Gains: ", words, class_name="tone-green"), rx.fragment())


def lost(words: rx.Var[str]) -> rx.Component:
    return rx.cond(words, rx.el.span("Loses: ", words, class_name="tone-red"), rx.fragment())
