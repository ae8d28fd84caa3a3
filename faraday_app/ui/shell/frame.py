"""The frame around every page, and the top bar within it."""

from collections.abc import Sequence

import reflex as rx

from faraday_app.ui.confirmation import confirmation_dialog
from faraday_app.ui.primitives._types import Part, Text, given
from faraday_app.ui.primitives.button import secondary_button
from faraday_app.ui.primitives.feedback import empty_state
from faraday_app.ui.primitives.link import anchor, go
from faraday_app.ui.primitives.mark import brand
from faraday_app.ui.session import Viewer
from faraday_app.ui.shell.navigation import allowed, bottom_bar, sidebar
from faraday_app.ui.shell.registry import PAGES, TOP_BAR, PageFunction, PageSpec
from faraday_app.ui.templates import auth_card
from faraday_app.ui.theme import connection_strip


@rx.memo
def top_bar_slots() -> rx.Component:
    """What the domains hung into the top bar."""
    items = sorted(TOP_BAR, key=lambda item: item.order)
    return rx.el.div(
        *[rx.cond(allowed(item.permission), item.component(), rx.fragment()) for item in items], class_name="slots"
    )


def header(
    title: Text, *context: Part, actions: Sequence[rx.Component] = (), compact: bool = False, back: Text = ""
) -> rx.Component:
    """The page's one h1 with its context, the slots, then the actions with the primary one last.

    `compact` keeps it to one line on a phone (workspaces); `back` is the route of the way up, shown there alone.
    """
    up = (
        go(rx.icon("chevron_left", size=20), to=back, class_name="button ghost icon back", aria_label="Back")
        if given(back)
        else rx.fragment()
    )
    return rx.el.header(
        up,
        brand(),
        rx.el.div(
            rx.el.h1(title, class_name="clip"),
            *([rx.el.div(*context, class_name="context")] if context else []),
            class_name="row heading",
        ),
        top_bar_slots(),
        *([rx.el.div(*actions, class_name="actions")] if actions else []),
        class_name="topbar compact" if compact else "topbar",
    )


def _not_here() -> rx.Component:
    """Nothing here for this viewer; that there may be for others is not said."""
    return rx.fragment(
        header("Not found"),
        empty_state(
            "compass",
            "There is nothing here for you",
            "The page may have moved, or it belongs to somebody else.",
            secondary_button("Go home", to="/"),
        ),
    )


def frame(spec: PageSpec) -> rx.Component:
    """The page inside its frame."""
    skip = anchor("Skip to content", target="content", class_name="skip")
    content = spec.component()
    if spec.kind == "plain":
        return rx.fragment(skip, rx.el.main(content, id="content", tab_index=-1, class_name="plain"))
    if spec.permission:
        content = rx.cond(~Viewer.ready | allowed(spec.permission), content, _not_here())
    return rx.el.div(
        skip,
        sidebar(current=spec.place),
        rx.el.main(content, id="content", tab_index=-1),
        bottom_bar(current=spec.place),
        confirmation_dialog(),
        class_name="app",
    )


def not_found() -> rx.Component:
    """The page of an address that leads nowhere."""
    return auth_card(
        "There is nothing at this address",
        "Check it for typing errors, or start again from home.",
        secondary_button("Go home", to="/"),
    )


def _framed(spec: PageSpec) -> PageFunction:
    def component() -> rx.Component:
        return frame(spec)

    # Reflex bundles the live parts of a page by the Python module its function comes from: the page's, not this one,
    # or every page would load the parts of all others.
    component.__module__ = spec.component.__module__
    return component


def mount(app: rx.App) -> None:
    """Adds every registered page to the app, inside its frame, and says in our words when the connection is lost."""
    app.app_wraps[5, "Overlay"] = lambda stateful: rx.fragment(connection_strip()) if stateful else None
    pages = PAGES
    if "404" not in pages:
        pages = {**pages, "404": PageSpec("404", "Page not found", None, not_found, kind="plain")}
    for spec in pages.values():
        app.add_page(
            _framed(spec),
            route=spec.route,
            title=f"{spec.title} · Faraday",
            description=spec.description or "Faraday, the AI dashboard of your school or organisation.",
            image="/brand/icon-512.png",
            on_load=[Viewer.enter, *spec.on_load] if spec.kind == "app" else list(spec.on_load),
        )
