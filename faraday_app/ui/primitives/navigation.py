"""Where one is inside a thing."""

from dataclasses import dataclass

import reflex as rx

from faraday_app.ui.primitives._types import Handler, Part, Text
from faraday_app.ui.primitives.link import go


@dataclass(frozen=True, slots=True)
class Tab:
    value: str
    label: Part
    content: rx.Component


def tabs(*items: Tab, value: Text = "", on_change: Handler = None) -> rx.Component:
    """Views of one thing. Without `value` the browser keeps which one is open."""
    props = {"value": value, "on_change": on_change} if on_change is not None else {"default_value": items[0].value}
    return rx.tabs.root(
        rx.tabs.list(*[rx.tabs.trigger(item.label, value=item.value) for item in items]),
        *[rx.tabs.content(item.content, value=item.value, padding_top="16px") for item in items],
        **props,
    )


def breadcrumb(*places: tuple[Text, Text], here: Text) -> rx.Component:
    """The way back up: (name, route) of each place above, then where one is."""
    above = [rx.el.li(go(name, to=route)) for name, route in places]
    return rx.el.nav(
        rx.el.ol(*above, rx.el.li(here, aria_current="page")), class_name="crumbs", aria_label="Breadcrumb"
    )
