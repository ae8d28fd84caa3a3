"""Which pages there are, and what hangs in the frame around them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import reflex as rx

from faraday_app.core.permissions import Permission

Section = Literal["", "AI", "Classroom", "Administration", "Platform"]
Kind = Literal["app", "plain"]
PageFunction = Callable[[], rx.Component]

SECTIONS: tuple[Section, ...] = ("", "AI", "Classroom", "Administration", "Platform")


@dataclass(frozen=True, slots=True)
class Nav:
    """A place in the navigation. `order` sorts within its section; `phone` offers it to the bottom bar."""

    key: str
    label: str
    icon: str
    section: Section = ""
    order: int = 100
    phone: bool = False
    count: rx.Var[int] | None = None


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page as its domain declared it."""

    route: str
    title: str
    permission: Permission | None
    component: PageFunction
    nav: Nav | None = None
    place: str = ""
    on_load: Sequence[Any] = field(default_factory=tuple)
    kind: Kind = "app"
    description: str = ""


@dataclass(frozen=True, slots=True)
class TopBarItem:
    component: PageFunction
    permission: Permission | None
    order: int


PAGES: dict[str, PageSpec] = {}
TOP_BAR: list[TopBarItem] = []
_ACCOUNT: list[tuple[int, PageFunction]] = []


def page(
    route: str,
    title: str,
    permission: Permission | None,
    *,
    nav: Nav | None = None,
    place: str = "",
    on_load: Sequence[Any] = (),
    kind: Kind = "app",
    description: str = "",
) -> Callable[[PageFunction], PageFunction]:
    """Registers a page. `permission=None` on an app page: everybody who is signed in. A plain page is public.

    `place` is the key of the navigation entry to light up on a page that is not itself in the navigation.
    """

    def register(component: PageFunction) -> PageFunction:
        if route in PAGES:
            raise ValueError(f"Two pages want the route {route}.")
        PAGES[route] = PageSpec(
            route, title, permission, component, nav, nav.key if nav else place, tuple(on_load), kind, description
        )
        return component

    return register


def add_top_bar_item(component: PageFunction, permission: Permission | None = None, order: int = 100) -> None:
    """Hangs something small into the top bar of every app page, for those who hold the permission."""
    TOP_BAR.append(TopBarItem(component, permission, order))


def add_account_section(component: PageFunction, order: int = 100) -> None:
    """Adds what a higher domain knows of a person to their own page."""
    _ACCOUNT.append((order, component))


def account_sections() -> list[rx.Component]:
    return [component() for _, component in sorted(_ACCOUNT, key=lambda item: item[0])]


def places(*, phone: bool = False) -> list[PageSpec]:
    """The pages in the navigation, as they are shown."""
    listed = [spec for spec in PAGES.values() if spec.nav and (spec.nav.phone or not phone)]
    return sorted(listed, key=lambda spec: (SECTIONS.index(spec.nav.section), spec.nav.order) if spec.nav else (0, 0))
