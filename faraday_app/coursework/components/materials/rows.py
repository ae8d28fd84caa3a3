"""A material in a list."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.material_views import ICONS, MaterialRow
from faraday_app.coursework.state.materials import MaterialState

KINDS = [("", "Any kind"), ("file", "Files"), ("link", "Links"), ("page", "Pages")]


def sign(icon: rx.Var[str] | str) -> rx.Component:
    """What it is, as an icon; in words it stands beside it."""
    return rx.match(
        icon, *[(name, rx.icon(name, size=18)) for name in sorted(set(ICONS.values()))], rx.icon("file", size=18)
    )


def opener(row: MaterialRow) -> rx.Component:
    """Opens the preview. Where it was found by its text, or why it is in quarantine, stands below."""
    excerpt = rx.el.span(row.excerpt, class_name="meta excerpt")
    return rx.el.button(
        sign(row.icon),
        rx.el.span(
            rx.el.span(rx.el.span(row.title, class_name="title clip"), state_badge(row), class_name="row"),
            rx.el.span(row.about, class_name="meta clip"),
            rx.cond(row.excerpt, excerpt, rx.fragment()),
            class_name="text",
        ),
        type="button",
        class_name="material-open",
        on_click=MaterialState.show(row.id),
    )


def state_badge(row: MaterialRow) -> rx.Component:
    tones = [(tone, ui.badge(row.state, tone)) for tone in ("red", "amber", "iris")]
    return rx.cond(row.state, rx.match(row.tone, *tones, ui.badge(row.state)), rx.fragment())


def tags_of(row: MaterialRow) -> rx.Component:
    return rx.el.span(rx.foreach(row.tags, _tag), class_name="row wrap")


def _tag(tag: rx.Var[str]) -> rx.Component:
    return ui.badge(tag)
