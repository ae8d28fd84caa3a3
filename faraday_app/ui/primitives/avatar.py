"""People, and whether they are here."""

from typing import Literal

import reflex as rx

from faraday_app.ui.primitives._types import Text, classes


def avatar(initials: Text, tone: Text = "iris", size: Literal["small", "medium", "large"] = "medium") -> rx.Component:
    """A person's initials in a circle, not read aloud: the name stands beside it. Tone: iris, green, amber, cyan."""
    return rx.el.span(initials, class_name=classes("avatar", size, tone), aria_hidden="true")


def avatars(*people: rx.Component, label: Text) -> rx.Component:
    """A few overlapping avatars; the label says who they are."""
    return rx.el.span(*people, class_name="avatars", role="img", aria_label=label, title=label)


def presence_dot(tone: Text = "green", label: Text = "") -> rx.Component:
    """A dot of meaning. Give it a label where no word stands beside it."""
    if isinstance(label, str) and not label:
        return rx.el.span(class_name=classes("dot", tone), aria_hidden="true")
    return rx.el.span(class_name=classes("dot", tone), role="img", aria_label=label, title=label)
