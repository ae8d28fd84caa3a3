import reflex as rx

from faraday_app import ui
from faraday_app.ui.session import Viewer


def profile() -> rx.Component:
    """Who the person is here; an administrator changes it."""

    def fact(name: str, value: rx.Var[str]) -> rx.Component:
        return rx.fragment(rx.el.dt(name, class_name="muted"), rx.el.dd(rx.cond(value, value, "—")))

    facts = rx.el.dl(
        fact("Name", Viewer.name),
        fact("E-mail", Viewer.email),
        fact("Role", Viewer.role_label),
        fact("Department", Viewer.department),
        fact("Organisation", Viewer.organization),
        class_name="facts",
    )
    return ui.form_section("You", "What others see. Ask an administrator to change your role or department.", facts)
