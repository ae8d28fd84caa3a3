"""Narrowing a list."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from faraday_app.ui.primitives._types import Flag, Handler, Part, Text, classes
from faraday_app.ui.primitives.field import Options, options_of
from faraday_app.ui.primitives.overlay import popover


def search_field(label: Text, value: rx.Var[str], on_change: Handler, name: str = "search") -> rx.Component:
    """Finds while typing; asks the server when the hand rests for 250 ms. The label doubles as the placeholder."""
    field = rx.el.input(
        id=name,
        type="search",
        value=value,
        on_change=on_change,
        placeholder=label,
        aria_label=label,
        auto_complete="off",
        class_name="input",
    )
    return rx.el.div(
        rx.icon("search", size=15), rx.debounce_input(field, debounce_timeout=250), class_name="with-icon search"
    )


def filter_chip(
    text: Part, *, on: Flag, on_click: Handler, icon: str = "", leading: Part | None = None
) -> rx.Component:
    """A filter that is on or off. With a `leading` avatar it switches between people."""
    return rx.el.button(
        *([leading] if leading is not None else []),
        *([rx.icon(icon, size=14)] if icon else []),
        text,
        type="button",
        on_click=on_click,
        aria_pressed=rx.cond(on, "true", "false") if isinstance(on, rx.Var) else str(on).lower(),
        class_name=classes("chip", "with-avatar" if leading is not None else ""),
    )


def filter_select(label: str, options: Options, value: rx.Var[str], on_change: Handler) -> rx.Component:
    """A filter of several values; the empty value stands for all and should say so ("Any role")."""
    return rx.el.select(
        *options_of(options),
        value=value,
        on_change=on_change,
        aria_label=label,
        class_name="chip",
        custom_attrs={"data-on": rx.cond(value, "true", "false")},
    )


def more_filters(
    count: rx.Var[int], *fields: Part, open: rx.Var[bool], on_open_change: Handler, label: str = "Filters"
) -> rx.Component:
    """The filters that few need, behind a chip that says how many of them narrow."""
    trigger = rx.el.button(
        rx.icon("sliders_horizontal", size=14),
        label,
        rx.cond(count > 0, rx.el.span(count, class_name="num"), rx.fragment()),
        type="button",
        class_name="chip",
        custom_attrs={"data-on": rx.cond(count > 0, "true", "false")},
    )
    body = rx.el.div(*fields, class_name="stack popover-body")
    return popover(trigger, body, label=label, open=open, on_open_change=on_open_change)


def active_filters(
    filters: rx.Var[list[Any]], on_remove: Callable[[Any], Handler], count: rx.Var[int], *more: Part
) -> rx.Component:
    """What narrows the list, each with a way to take it off.

    Views with `name`, `words`, and `beside` for what a control of the bar says as well, where there is room for it;
    ``count`` is how many no control says.
    """

    def tag(each: Any) -> rx.Component:
        return rx.el.button(
            each.words,
            rx.icon("x", size=13),
            type="button",
            on_click=on_remove(each.name),
            aria_label="Remove the filter " + each.words,
            class_name=rx.cond(each.beside, "chip phone-only", "chip"),
            custom_attrs={"data-on": "true"},
            key=each.name,
        )

    name = rx.cond(count > 0, "filters", "filters phone-only")
    shown = rx.el.div(rx.foreach(filters, tag), *more, role="group", aria_label="Active filters", class_name=name)
    return rx.cond(filters.length() > 0, shown, rx.fragment())


def filter_bar(*controls: Part, trailing: tuple[Part, ...] = ()) -> rx.Component:
    """Search first, then filters; what concerns the whole list at the far end."""
    return rx.el.div(
        *controls,
        *([rx.el.div(*trailing, class_name="trailing")] if trailing else []),
        class_name="filters",
        role="search",
    )
