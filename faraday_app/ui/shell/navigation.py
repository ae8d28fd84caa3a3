"""The ways between pages: sidebar on a desk, bottom bar on a phone. Compiled once and shared by all pages."""

from functools import reduce
from itertools import groupby
from operator import or_

import reflex as rx
from reflex_base.style import color_mode, set_color_mode

from faraday_app.ui.primitives._types import when
from faraday_app.ui.primitives.avatar import avatar
from faraday_app.ui.primitives.button import ghost_button
from faraday_app.ui.primitives.feedback import skeleton_lines
from faraday_app.ui.primitives.link import go
from faraday_app.ui.primitives.mark import brand
from faraday_app.ui.primitives.overlay import sheet
from faraday_app.ui.session import Viewer
from faraday_app.ui.shell.registry import PageSpec, places

ACCOUNT = "/account"
_MODES = (("light", "Light", "sun"), ("dark", "Dark", "moon"), ("system", "Like the device", "monitor"))


def allowed(permission: str | None) -> rx.Var[bool]:
    """Whether the viewer holds the permission, as far as showing goes: the server decides again at every event."""
    return rx.Var.create(Viewer.permissions).contains(str(permission)) if permission else rx.Var.create(Viewer.ready)


def _count(count: rx.Var[int] | None) -> rx.Component:
    """How much waits there; nothing when nothing does."""
    return rx.fragment() if count is None else when(count, rx.el.span(count, class_name="count"))


def _place(spec: PageSpec, current: rx.Var[str]) -> rx.Component:
    assert spec.nav is not None
    link = go(
        rx.icon(spec.nav.icon, size=16),
        rx.el.span(spec.nav.label, class_name="clip"),
        _count(spec.nav.count),
        to=spec.route,
        class_name="place",
        aria_current=rx.cond(current == spec.nav.key, "page", "false"),
    )
    return rx.cond(allowed(spec.permission), rx.el.li(link), rx.fragment())


def _section(name: str, specs: list[PageSpec], current: rx.Var[str]) -> rx.Component:
    entries = rx.el.ul(*[_place(spec, current) for spec in specs], class_name="bare")
    if not name:
        return entries
    anything = reduce(or_, [allowed(spec.permission) for spec in specs])
    return rx.cond(anything, rx.fragment(rx.el.h2(name), entries), rx.fragment())


def _sections(current: rx.Var[str]) -> rx.Component:
    grouped = groupby(places(), key=lambda spec: spec.nav.section if spec.nav else "")
    found = rx.fragment(*[_section(name, list(specs), current) for name, specs in grouped])
    return rx.cond(Viewer.ready, found, skeleton_lines(5))


def _person_menu() -> rx.Component:
    person = rx.el.button(
        avatar(Viewer.initials, Viewer.tone),
        rx.el.span(
            rx.el.span(Viewer.name, class_name="name clip"),
            rx.el.span(
                Viewer.role_label, rx.cond(Viewer.department, " · " + Viewer.department, ""), class_name="meta clip"
            ),
            class_name="grow",
        ),
        rx.icon("chevrons_up_down", size=15),
        class_name="person",
        type="button",
        aria_label="You: " + Viewer.name,
    )
    chosen = rx.icon("check", size=15, style={"marginLeft": "auto"}, aria_label="chosen")
    modes = [
        rx.dropdown_menu.item(
            rx.icon(icon, size=15),
            text,
            rx.cond(color_mode == mode, chosen, rx.fragment()),
            on_select=set_color_mode(mode),
        )
        for mode, text, icon in _MODES
    ]
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(person),
        rx.dropdown_menu.content(
            rx.dropdown_menu.item(rx.icon("circle_user", size=15), "Your account", on_select=rx.redirect(ACCOUNT)),
            rx.dropdown_menu.separator(),
            *modes,
            rx.dropdown_menu.separator(),
            rx.dropdown_menu.item(rx.icon("log_out", size=15), "Sign out", on_select=Viewer.sign_out),
            variant="soft",
            side="top",
        ),
        modal=False,
    )


@rx.memo
def sidebar(current: rx.Var[str]) -> rx.Component:
    """All places the viewer may go to, and the viewer."""
    return rx.el.nav(
        go(brand(), to="/", aria_label="Faraday, home"),
        rx.el.div(_sections(current), class_name="places"),
        rx.cond(Viewer.ready, _person_menu(), rx.fragment()),
        class_name="sidebar",
        aria_label="Main",
    )


def _more(current: rx.Var[str]) -> rx.Component:
    trigger = rx.el.button(rx.icon("menu", size=21), "More", type="button")
    modes = [
        rx.el.button(
            rx.icon(icon, size=15),
            text,
            type="button",
            class_name="chip",
            on_click=set_color_mode(mode),
            aria_pressed=rx.cond(color_mode == mode, "true", "false"),
        )
        for mode, text, icon in _MODES
    ]
    return sheet(
        "More",
        trigger,
        rx.el.nav(_sections(current), aria_label="All places", class_name="places"),
        rx.el.div(*modes, class_name="filters", role="group", aria_label="Appearance", style={"padding": "8px"}),
        ghost_button("Your account", icon="circle_user", to=ACCOUNT),
        ghost_button("Sign out", icon="log_out", on_click=Viewer.sign_out),
        description="All places, appearance, your account and sign out",
    )


@rx.memo
def bottom_bar(current: rx.Var[str]) -> rx.Component:
    """The first four places of the viewer within a thumb's reach; the rest behind More."""
    short = [
        rx.cond(
            allowed(spec.permission),
            go(
                rx.icon(spec.nav.icon, size=21),
                rx.el.span(spec.nav.label, class_name="clip"),
                _count(spec.nav.count),
                to=spec.route,
                aria_current=rx.cond(current == spec.nav.key, "page", "false"),
            ),
            rx.fragment(),
        )
        for spec in places(phone=True)
        if spec.nav
    ]
    return rx.el.nav(*short, _more(current), class_name="bottom-bar", aria_label="Shortcuts")
