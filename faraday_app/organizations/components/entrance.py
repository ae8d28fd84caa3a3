"""The parts of the pages before one is in."""

import reflex as rx

from faraday_app.organizations.views import OfferedProvider
from faraday_app.ui import go


def provider_links(providers: rx.Var[list[OfferedProvider]]) -> rx.Component:
    """The other ways in; nothing where there is none."""
    ways = rx.el.div(
        rx.el.p("or", class_name="meta", style={"textAlign": "center"}),
        rx.foreach(providers, _provider_link),
        class_name="stack",
    )
    return rx.cond(providers.length() > 0, ways, rx.fragment())


def _provider_link(provider: OfferedProvider) -> rx.Component:
    """Followed by the browser itself: it leads out of the app."""
    return go(
        rx.icon("log_in", size=16),
        rx.el.span("Continue with ", provider.label),
        to=provider.start,
        reload_document=True,
        class_name="button secondary",
        key=provider.start,
    )
