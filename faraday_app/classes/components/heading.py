"""What stands over the page of a class."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.classes.views import class_places


def class_header(head: Any, current: str, *actions: rx.Component) -> rx.Component:
    """Name, term and standing, the actions, and the row of places."""
    standing = rx.cond(head.children, "Parent of " + head.children, head.standing)
    archived = rx.cond(head.archived, ui.badge("Archived", "amber", "archive"), rx.fragment())
    return rx.fragment(
        ui.header(
            rx.cond(head.name, head.name, "Class"),
            ui.meta(head.term),
            rx.cond(head.standing, ui.badge(standing), rx.fragment()),
            archived,
            actions=actions,
            back="/classes",
        ),
        ui.place_row("Places of this class", class_places(), current=current, id=head.id),
    )
