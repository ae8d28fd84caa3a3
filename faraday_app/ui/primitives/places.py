"""The pages that belong to one thing."""

from collections.abc import Sequence
from typing import Protocol

import reflex as rx

from faraday_app.core.permissions import Permission
from faraday_app.ui.primitives._types import Text
from faraday_app.ui.primitives.link import go
from faraday_app.ui.session import Viewer


class Place(Protocol):
    """A page of a thing, which says by ``?id=`` which one it is about."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def permission(self) -> Permission: ...


def place_row(label: str, places: Sequence[Place], *, current: str, id: Text) -> rx.Component:
    """Links between the pages of one thing, the current one marked; a phone scrolls them sideways.

    ``id`` is the thing's; until it is known, nothing is linked.
    """

    def shown(place: Place) -> rx.Component:
        link = go(
            rx.icon(place.icon, size=15),
            place.label,
            to=rx.Var.create(f"{place.path}?id=") + id,
            aria_current="page" if place.key == current else "false",
        )
        may = rx.Var.create(Viewer.permissions).contains(str(place.permission))
        return rx.cond(may, rx.el.li(link), rx.fragment())

    row = rx.el.nav(rx.el.ul(*map(shown, places), class_name="bare"), class_name="place-row", aria_label=label)
    return rx.cond(id, row, rx.el.div(class_name="place-row"))
