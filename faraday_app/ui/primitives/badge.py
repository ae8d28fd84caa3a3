"""Small words that stand for a state."""

import reflex as rx

from faraday_app.ui.primitives._types import Part, Text, classes


def badge(text: Part, tone: Text = "neutral", icon: str = "") -> rx.Component:
    """A state in a word; the tone only underlines it. Tone: neutral, iris, green, amber, red."""
    return rx.el.span(*([rx.icon(icon, size=12)] if icon else []), text, class_name=classes("badge", tone))


def kbd(keys: str) -> rx.Component:
    """Keys to press."""
    return rx.el.kbd(keys, class_name="kbd")


def divider() -> rx.Component:
    """A line between two things that belong to one."""
    return rx.el.hr(class_name="rule")


def meta(text: Part) -> rx.Component:
    """The second line: where it stands, since when."""
    return rx.el.span(text, class_name="meta")
