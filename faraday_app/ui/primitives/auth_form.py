"""A form that goes to a route of ours and not over the socket: what sets cookies, and what holds a password."""

from typing import Literal

import reflex as rx

from faraday_app.ui.primitives._types import Text
from faraday_app.ui.primitives.button import primary_button, secondary_button
from faraday_app.ui.primitives.feedback import callout


def auth_form(action: Text, *fields: rx.Component, submit: Text, quiet: bool = False) -> rx.Component:
    """Sent to `/auth/…` without leaving the page; a refusal is said in it. `quiet`: not the one thing of its page."""
    form: rx.Component = rx.el.form(
        *fields,
        rx.el.p(
            hidden=True,
            role="alert",
            class_name="callout red",
            custom_attrs={"data-problem": ""},
        ),
        rx.el.div(secondary_button(submit, type="submit")) if quiet else primary_button(submit, type="submit"),
        rx.el.script(src="/scripts/auth.js", custom_attrs={"async": True}),
        action="/auth/" + action,
        method="post",
        class_name="stack",
        custom_attrs={"data-auth": ""},
    )
    return form


def told(text: rx.Var[str], tone: Literal["green", "red"]) -> rx.Component:
    """What came of something that was begun elsewhere; nothing while there is nothing to tell."""
    role = "alert" if tone == "red" else "status"
    return rx.cond(text, rx.el.div(callout(text, tone), role=role), rx.fragment())
