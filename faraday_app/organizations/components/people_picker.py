"""Choosing one person among many."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.organizations.views.roles import CandidateView


def people_picker(
    name: str,
    label: str,
    *,
    chosen: Any,
    query: rx.Var[str],
    found: rx.Var[list[CandidateView]],
    on_search: Any,
    on_choose: Callable[[Any], Any],
    on_another: Any,
) -> rx.Component:
    """A search with a few people below it, until one is chosen; then that one, with a way back."""

    def person(row: Any) -> rx.Component:
        return rx.el.button(
            ui.row_item(row.name, row.about, leading=ui.avatar(row.initials, row.tone)),
            type="button",
            class_name="choice wide",
            on_click=on_choose(row.id),
            key=row.id,
        )

    results = rx.el.div(
        rx.foreach(found, person),
        rx.cond(found.length() == 0, rx.el.p("Nobody is called that.", class_name="muted"), rx.fragment()),
        role="group",
        aria_label="People found",
        class_name="picked",
    )
    search = ui.text_field(
        name, label, value=query, on_change=on_search, placeholder="Name or e-mail", auto_complete="off"
    )
    another = ui.secondary_button("Choose another", size="small", on_click=on_another)
    one = ui.row_item(chosen.name, chosen.about, leading=ui.avatar(chosen.initials, chosen.tone), trailing=another)
    shown = rx.el.div(rx.el.span(label, class_name="strong"), one, class_name="field", role="group", aria_label=label)
    return rx.cond(chosen.id, shown, rx.el.div(search, results, class_name="stack"))
