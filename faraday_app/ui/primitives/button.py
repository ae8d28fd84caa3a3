"""Doing something. One primary button a view."""

from typing import Any, Literal

import reflex as rx

from faraday_app.ui.primitives._types import Flag, Handler, Part, Text, classes, given
from faraday_app.ui.primitives.link import go

Size = Literal["medium", "small"]


def _button(
    kind: str,
    text: Part,
    *,
    icon: str = "",
    on_click: Handler = None,
    to: Text = "",
    type: Literal["button", "submit"] = "button",
    size: Size = "medium",
    busy: Flag = False,
    disabled: Flag = False,
    **props: Any,
) -> rx.Component:
    """A button; a link that looks like one when it has a place to go `to`."""
    name = classes("button", kind, "small" if size == "small" else "")
    content = [rx.icon(icon, size=16 if size == "medium" else 14), rx.el.span(text)] if icon else [text]
    if given(to):
        return go(*content, to=to, class_name=name, **props)
    if on_click is not None:
        props["on_click"] = on_click
    return rx.el.button(*content, type=type, class_name=name, aria_busy=busy, disabled=disabled, **props)


def primary_button(text: Part, **props: Any) -> rx.Component:
    """The one thing this view is for. `icon`, `on_click` or `to` or `type="submit"`, `size`, `busy`, `disabled`."""
    return _button("primary", text, **props)


def secondary_button(text: Part, **props: Any) -> rx.Component:
    """Anything else worth a border. Takes what `primary_button` takes."""
    return _button("secondary", text, **props)


def ghost_button(text: Part, **props: Any) -> rx.Component:
    """An act of little weight: quiet until pointed at. Takes what `primary_button` takes."""
    return _button("ghost", text, **props)


def danger_button(text: Part, **props: Any) -> rx.Component:
    """What cannot be taken back. Takes what `primary_button` takes; belongs into a dialog."""
    return _button("danger", text, **props)


def icon_button(label: Text, icon: str, *, size: Size = "medium", **props: Any) -> rx.Component:
    """A button of one icon; its label is read aloud and shown on hover."""
    shown = rx.icon(icon, size=16)
    return _button("ghost icon", shown, size=size, aria_label=label, title=label, **props)


def copy_button(text: Text, label: str = "Copy") -> rx.Component:
    """Puts the text on the clipboard and says so."""
    return icon_button(label, "copy", size="small", on_click=[rx.set_clipboard(text), rx.toast.success("Copied.")])
