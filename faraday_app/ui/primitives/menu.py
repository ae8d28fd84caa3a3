"""What can be done with one thing."""

from dataclasses import dataclass

import reflex as rx

from faraday_app.ui.primitives._types import Flag, Handler, Text, when


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One act. `danger` sets it apart at the end; `shown` hides what does not apply to this row."""

    text: Text
    on_click: Handler
    icon: str = ""
    danger: bool = False
    shown: Flag = True


def _entry(item: MenuItem) -> rx.Component:
    entry = rx.dropdown_menu.item(
        *([rx.icon(item.icon, size=15)] if item.icon else []),
        item.text,
        on_select=item.on_click,
        **({"color_scheme": "red"} if item.danger else {}),
    )
    return when(item.shown, entry)


def menu(trigger: rx.Component, *items: MenuItem, align: str = "end") -> rx.Component:
    """A menu under its trigger. What is dangerous comes last, after a line."""
    calm, grave = [i for i in items if not i.danger], [i for i in items if i.danger]
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(trigger),
        rx.dropdown_menu.content(
            *map(_entry, calm),
            *([rx.dropdown_menu.separator()] if calm and grave else []),
            *map(_entry, grave),
            variant="soft",
            align=align,
        ),
        modal=False,
    )


def row_menu(label: Text, *items: MenuItem) -> rx.Component:
    """The three dots at the end of a row. The label names the row: "Actions for Ana Ruiz"."""
    return menu(
        rx.el.button(
            rx.icon("ellipsis", size=16), class_name="button ghost icon small", aria_label=label, type="button"
        ),
        *items,
    )
