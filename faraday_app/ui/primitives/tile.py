"""What a page of tiles and lists is made of."""

from typing import Literal

import reflex as rx

from faraday_app.ui.primitives._types import Part, Text
from faraday_app.ui.primitives.link import go

Span = Literal[3, 4, 5, 6, 7, 8, 12]


def tile(
    title: Text,
    icon: str,
    *body: Part,
    action: Part | None = None,
    figure: Part | None = None,
    caption: Part | None = None,
    span: Span = 12,
) -> rx.Component:
    """Says what it is (icon and name), the one figure or the list, and what changed; `span` of 12 columns on a desk."""
    return rx.el.section(
        rx.el.header(
            rx.icon(icon, size=15),
            rx.el.h2(title, class_name="clip"),
            *([rx.el.span(action, class_name="action")] if action is not None else []),
        ),
        *([rx.el.div(figure, class_name="figure")] if figure is not None else []),
        *([rx.el.div(caption, class_name="caption")] if caption is not None else []),
        *body,
        class_name=f"tile span-{span}",
        aria_label=title,
    )


def tiles(*items: rx.Component) -> rx.Component:
    """Tiles on twelve columns, two on a tablet, one on a phone."""
    return rx.el.div(*items, class_name="tiles")


def stat(label: Text, value: Part, change: Part | None = None) -> rx.Component:
    """One figure outside a tile, with its name above and its change below."""
    return rx.el.div(
        rx.el.span(label, class_name="meta"),
        rx.el.span(value, class_name="figure"),
        *([rx.el.span(change, class_name="meta")] if change is not None else []),
        class_name="stat",
    )


def trend(
    text: Part, direction: rx.Var[str] | Literal["up", "down"], *, good: Literal["up", "down"] = "up"
) -> rx.Component:
    """A change since before: the arrow says where it went, the colour whether that is good."""
    up = rx.el.span("▲ ", class_name="tone-green" if good == "up" else "tone-red", aria_label="up")
    down = rx.el.span("▼ ", class_name="tone-red" if good == "up" else "tone-green", aria_label="down")
    return rx.el.span(rx.cond(rx.Var.create(direction) == "up", up, down), text)


def rows(*items: Part) -> rx.Component:
    """Rows with a line between them. Takes `row_item`s or one `rx.foreach` of them."""
    return rx.el.div(*items, class_name="rows")


def row_item(
    title: Part,
    meta: Part | None = None,
    *,
    leading: Part | None = None,
    trailing: Part | None = None,
    to: Text = "",
    key: Text = "",
) -> rx.Component:
    """What, where it stands, and the one next act. With `to`, the whole row is a link (then without buttons in it)."""
    content = [
        *([rx.el.span(leading, class_name="lead")] if leading is not None else []),
        rx.el.span(
            rx.el.span(title, class_name="title clip"),
            *([rx.el.span(meta, class_name="meta clip")] if meta is not None else []),
            class_name="text",
        ),
        *([rx.el.span(trailing, class_name="trail")] if trailing is not None else []),
    ]
    props = {"key": key} if not isinstance(key, str) or key else {}
    if not isinstance(to, str) or to:
        return go(*content, to=to, class_name="item", **props)
    return rx.el.div(*content, class_name="item", **props)
