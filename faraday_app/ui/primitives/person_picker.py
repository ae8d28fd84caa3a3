"""Choosing one person among many."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from faraday_app.ui.primitives.avatar import avatar
from faraday_app.ui.primitives.button import secondary_button
from faraday_app.ui.primitives.field import text_field
from faraday_app.ui.primitives.tile import row_item


def person_picker(
    name: str,
    label: str,
    *,
    chosen: Any,
    query: rx.Var[str],
    found: rx.Var[list[Any]],
    on_search: Any,
    on_choose: Callable[[Any], Any],
    on_another: Any,
) -> rx.Component:
    """A search with a few people below it, until one is chosen; then that one, with a way back.

    ``chosen`` and ``found`` are views with `id`, `name`, `about`, `initials` and `tone`; nobody has an empty id.
    """

    def person(row: Any) -> rx.Component:
        return rx.el.button(
            row_item(row.name, row.about, leading=avatar(row.initials, row.tone)),
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
    search = text_field(
        name, label, value=query, on_change=on_search, placeholder="Name or e-mail", auto_complete="off"
    )
    another = secondary_button("Choose another", size="small", on_click=on_another)
    one = row_item(chosen.name, chosen.about, leading=avatar(chosen.initials, chosen.tone), trailing=another)
    shown = rx.el.div(rx.el.span(label, class_name="strong"), one, class_name="field", role="group", aria_label=label)
    return rx.cond(chosen.id, shown, rx.el.div(search, results, class_name="stack"))
