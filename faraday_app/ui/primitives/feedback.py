"""What a page says while there is nothing, not yet, or not at all."""

from typing import Literal

import reflex as rx
from reflex.event import EventSpec

from faraday_app.ui import browser
from faraday_app.ui.primitives._types import Handler, Part, Text, classes
from faraday_app.ui.primitives.button import secondary_button

_ICONS = {"neutral": "info", "iris": "info", "green": "circle_check", "amber": "triangle_alert", "red": "circle_alert"}


def empty_state(icon: str, title: Text, text: Part, action: Part | None = None) -> rx.Component:
    """There is nothing yet: why, and what to do about it."""
    return rx.el.div(
        rx.el.span(rx.icon(icon, size=20), class_name="halo"),
        rx.el.p(title, class_name="h2"),
        rx.el.p(text),
        *([action] if action is not None else []),
        class_name="blank",
    )


def error_state(text: Text, retry: Handler = None) -> rx.Component:
    """It did not load: what happened, and the way to try again."""
    return rx.el.div(
        rx.el.span(rx.icon("cloud_off", size=20), class_name="halo red"),
        rx.el.p("That did not load", class_name="h2"),
        rx.el.p(text),
        *([secondary_button("Try again", icon="rotate_cw", on_click=retry)] if retry is not None else []),
        class_name="blank",
        role="alert",
    )


def skeleton_lines(count: int = 3) -> rx.Component:
    """Lines of text that are on their way."""
    widths = ("62%", "84%", "48%", "74%")
    bones = [rx.el.span(class_name="bone", style={"width": widths[i % 4]}) for i in range(count)]
    return rx.el.div(*bones, class_name="bones", aria_hidden="true")


def skeleton_table(count: int = 6) -> rx.Component:
    """A table that is on its way."""
    line = [
        rx.el.span(class_name="bone", style={"width": "28px", "height": "28px", "borderRadius": "50%"}),
        rx.el.span(class_name="bone", style={"width": "26%"}),
        rx.el.span(class_name="bone", style={"width": "14%", "marginLeft": "auto"}),
    ]
    return rx.el.div(
        *[rx.el.div(*line) for _ in range(count)],
        class_name="bones table-bones",
        role="status",
        aria_label="Loading",
    )


def callout(text: Part, tone: Literal["neutral", "iris", "green", "amber", "red"] = "neutral") -> rx.Component:
    """Something to know before going on, in the place where it matters."""
    return rx.el.div(rx.icon(_ICONS[tone], size=16), rx.el.div(text), class_name=classes("callout", tone))


def fold(summary: Text, *body: Part) -> rx.Component:
    """What few need, folded under its name. Works in the browser alone."""
    head = rx.el.summary(rx.icon("chevron_right", size=15), summary)
    return rx.el.details(head, rx.el.div(*body, class_name="stack"), class_name="fold")


def notify(text: str, kind: browser.Kind = "success") -> EventSpec:
    """A passing message, returned from a handler. Say what happened; errors stay until they are closed."""
    return browser.toast(kind, text, stays=kind == "error")
