"""The five kinds of page, and the card of the pages before sign-in."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx

from faraday_app.ui.primitives._types import Handler, Part, Text
from faraday_app.ui.primitives.link import anchor
from faraday_app.ui.primitives.mark import brand
from faraday_app.ui.primitives.navigation import breadcrumb
from faraday_app.ui.primitives.tile import tiles


def home_page(header: rx.Component, *items: rx.Component) -> rx.Component:
    """A greeting, what needs attention, then tiles."""
    return rx.fragment(header, rx.el.div(tiles(*items), class_name="content"))


def list_page(header: rx.Component, filters: rx.Component, table: rx.Component, *more: rx.Component) -> rx.Component:
    """Filters over a table. `more` holds dialogs and whatever follows the table."""
    return rx.fragment(header, rx.el.div(filters, table, class_name="content"), *more)


def detail_page(
    header: rx.Component,
    *body: rx.Component,
    panel: rx.Component | None = None,
    crumbs: Sequence[tuple[Text, Text]] = (),
    here: Text = "",
) -> rx.Component:
    """One thing: where it belongs, its tabs, and what surrounds it in a panel (below on a phone)."""
    trail = [breadcrumb(*crumbs, here=here)] if crumbs else []
    side = [rx.el.aside(panel, class_name="side", aria_label="Details")] if panel is not None else []
    columns = rx.el.div(rx.el.div(*body, class_name="stack"), *side, class_name=f"detail{' with-panel' * bool(side)}")
    return rx.fragment(header, rx.el.div(*trail, columns, class_name="content"))


def form_section(title: Text, text: Text, *fields: rx.Component) -> rx.Component:
    """Fields that belong together, under their name."""
    lead = rx.el.div(rx.el.h2(title), rx.el.p(text, class_name="muted"))
    return rx.el.section(lead, *fields)


def form_page(
    header: rx.Component, *sections: rx.Component, save_bar: rx.Component | None = None, on_submit: Handler = None
) -> rx.Component:
    """One column of sections with a save bar that stays in sight."""
    body = [rx.el.div(*sections, class_name="form"), *([save_bar] if save_bar is not None else [])]
    if on_submit is not None:
        body = [rx.el.form(*body, on_submit=on_submit)]
    return rx.fragment(header, rx.el.div(*body, class_name="content"))


def pane_switches(*, list_label: str = "", inspector_label: str = "") -> rx.Component:
    """For the header's actions in a workspace: folds the side panes on a desk, opens them on a phone."""

    def switch(pane: Literal["list", "inspector"], label: str, icon: str) -> list[rx.Component]:
        fold = rx.el.input(
            type="checkbox", id=f"show-{pane}", default_checked=True, role="switch", aria_label=f"Show {label.lower()}"
        )
        return [
            rx.el.label(fold, rx.icon(icon, size=17), class_name="button ghost icon pane-switch", title=label),
            anchor(rx.icon(icon, size=19), target=pane, class_name="button ghost icon pane-open", aria_label=label),
        ]

    return rx.el.span(
        *(switch("list", list_label, "panel_left") if list_label else []),
        *(switch("inspector", inspector_label, "panel_right") if inspector_label else []),
        class_name="row",
    )


def _pane(name: str, label: str, content: rx.Component) -> rx.Component:
    shut = anchor(
        rx.icon("x", size=18), target="content", class_name="button ghost icon", aria_label=f"Close {label.lower()}"
    )
    top = rx.el.div(rx.el.span(label), shut, class_name="pane-close")
    return rx.el.section(top, content, id=name, aria_label=label, tab_index=0, class_name=f"pane pane-{name}")


def workspace_page(
    header: rx.Component,
    work: rx.Component,
    *,
    foot: rx.Component | None = None,
    toolbar: rx.Component | None = None,
    list: tuple[str, rx.Component] | None = None,
    inspector: tuple[str, rx.Component] | None = None,
    first: Literal["work", "list"] = "work",
) -> rx.Component:
    """Full height: list | work | inspector, each scrolling by itself; the side panes come as (label, content).

    On a phone one pane at a time: `first` is shown, the others open over it and "back" closes them. Put
    `pane_switches` with the same labels into the header.
    """
    middle = rx.el.div(
        rx.el.div(work, class_name="pane", tab_index=0, role="region", aria_label="Work"),
        *([rx.el.div(foot, class_name="foot")] if foot is not None else []),
        class_name="pane-work",
    )
    return rx.fragment(
        header,
        *([toolbar] if toolbar is not None else []),
        rx.el.div(
            *([_pane("list", *list)] if list else []),
            middle,
            *([_pane("inspector", *inspector)] if inspector else []),
            class_name=f"workspace{' list-first' * (first == 'list')}",
        ),
    )


def auth_card(title: Text, text: Part, *body: Part, footer: Part | None = None) -> rx.Component:
    """The card of sign-in, invitation, set-up: the mark, one heading, one form."""
    lead = rx.el.div(rx.el.h1(title), rx.el.p(text, class_name="muted"), class_name="lead")
    return rx.el.div(
        brand(28),
        rx.el.div(lead, *body, class_name="card"),
        *([rx.el.p(footer, class_name="meta", style={"textAlign": "center"})] if footer is not None else []),
        class_name="auth",
    )
