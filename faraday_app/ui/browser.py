"""What a handler may ask of the page: one of a few acts with values. Code is never sent, and a page runs none."""

import json
from typing import Any, Literal

import reflex as rx
from reflex.event import EventSpec

Kind = Literal["success", "info", "warning", "error"]


def toast(kind: Kind, text: str, *, stays: bool = False) -> EventSpec:
    """A passing message; one that stays is closed by the reader."""
    return act("toast", kind, text, {"duration": 12_000, "closeButton": True} if stays else {})


def sign_in() -> EventSpec:
    """To the sign-in page, and back here afterwards."""
    return act("sign_in")


def leave() -> EventSpec:
    """To the sign-in page for good: this address is not let in."""
    return act("leave")


def sign_out() -> EventSpec:
    """The cookie can only be taken back over HTTP."""
    return act("sign_out")


def reload() -> EventSpec:
    return act("reload")


def address(path: str) -> EventSpec:
    """Have the address of the page say what it shows now; nothing is loaded."""
    return act("address", path)


def copy(text: str) -> EventSpec:
    """Put text on the clipboard, and say so."""
    return act("copy", text)


def insert(field: str, text: str) -> EventSpec:
    """Put text into a field after what stands there, and the cursor behind it."""
    return act("insert", field, text)


def show(id: str) -> EventSpec:
    """Bring a part of the page into sight."""
    return act("show", id)


def asked(act: str, *values: object, then: Any) -> EventSpec:
    """The act is done in the browser, and its result goes to a handler. For components and handlers."""
    return rx.call_script(json.dumps([act, *values]), callback=then)


def act(name: str, *values: object) -> EventSpec:
    """Reflex's event for scripts carries it; `launcher.compile` gives its words to `scripts/page.js` instead."""
    return rx.call_script(json.dumps([name, *values]))
