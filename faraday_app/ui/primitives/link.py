"""Going somewhere."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink  # type: ignore[import-untyped]

from faraday_app.ui.primitives._types import Part, Text


def go(*children: Part, to: Text, **props: Any) -> rx.Component:
    """A link inside the app, without any style of its own and without a page load."""
    return ReactRouterLink.create(*children, to=to, **props)


def anchor(*children: Part, target: Any, **props: Any) -> rx.Component:
    """A link to a part of this page, followed by the browser itself: so `:target` applies, and "back" undoes it.

    What the address says after its question mark stays.
    """
    return go(*children, to="#" + target, reload_document=True, custom_attrs={"data-anchor": target}, **props)


def download_link(*children: Part, to: Text, name: Text | bool = True, class_name: str = "link") -> rx.Component:
    """A file that the browser saves, as ``name`` if one is given; followed by the browser, for it is no page."""
    return go(*children, to=to, reload_document=True, download=name, class_name=class_name)


def link(text: Part, to: Text) -> rx.Component:
    """A link in running text: coloured and underlined."""
    return go(text, to=to, class_name="link")


def outside_link(text: Part, to: Text) -> rx.Component:
    """A link to another website, in a new tab that cannot reach back."""
    return rx.el.a(text, href=to, target="_blank", rel="noopener noreferrer", class_name="link")
