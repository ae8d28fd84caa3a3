"""Asking for something. Labels above, help below, the error in the help's place."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from faraday_app.ui.primitives._types import Handler, Part, Text, given, when
from faraday_app.ui.primitives.button import primary_button, secondary_button

Options = Sequence[tuple[str, str]] | rx.Var[list[tuple[str, str]]]


def form_field(name: str, label: Part, control: rx.Component, help: Part = "", error: Text = "") -> rx.Component:
    """A control (whose id is `name`) with its label, and help until there is an error."""
    below = rx.el.p(help, id=f"{name}-help", class_name="meta") if given(help) else rx.fragment()
    if given(error):
        fault = rx.el.p(rx.icon("circle_alert", size=14), error, id=f"{name}-help", class_name="error", role="alert")
        below = rx.cond(error, fault, below)
    return rx.el.div(rx.el.label(label, html_for=name), control, below, class_name="field")


def _described(name: str, help: Part, error: Text, props: dict[str, Any]) -> dict[str, Any]:
    """The props that tie a control to its label, help and error."""
    props = {"id": name, "name": name, "class_name": "input", **props}
    if given(error):
        props["aria_invalid"] = rx.cond(error, "true", "false") if isinstance(error, rx.Var) else "true"
    if given(help) or given(error):
        props["aria_describedby"] = f"{name}-help"
    return {key: value for key, value in props.items() if value is not None}


def _controlled(control: rx.Component, props: dict[str, Any]) -> rx.Component:
    """A control whose value lives on the server: typing is buffered, so that no letter is lost."""
    return rx.debounce_input(control, debounce_timeout=250) if "value" in props and "on_change" in props else control


def text_field(name: str, label: Part, *, help: Part = "", error: Text = "", **props: Any) -> rx.Component:
    """One line. Takes any prop of an input (`type`, `required`, `on_blur`); `value` comes with `on_change`."""
    props = _described(name, help, error, props)
    return form_field(name, label, _controlled(rx.el.input(**props), props), help, error)


def textarea_field(name: str, label: Part, *, help: Part = "", error: Text = "", **props: Any) -> rx.Component:
    """Several lines. Takes what `text_field` takes, and `rows`."""
    props = _described(name, help, error, props)
    return form_field(name, label, _controlled(rx.el.textarea(**props), props), help, error)


def password_field(
    name: str,
    label: Part = "Password",
    *,
    help: Part = "",
    error: Text = "",
    auto_complete: str = "current-password",
    **props: Any,
) -> rx.Component:
    """A password that can be shown. The eye works in the browser alone: nothing leaves the field."""
    props = _described(name, help, error, {"type": "password", "auto_complete": auto_complete, **props})
    eye = rx.el.button(
        rx.icon("eye", size=16),
        type="button",
        class_name="button ghost icon after",
        aria_label="Show characters",
        aria_pressed="false",
        custom_attrs={"data-reveals": name},
    )
    return form_field(name, label, rx.el.div(rx.el.input(**props), eye, class_name="with-icon trailing"), help, error)


def _option(option: Any) -> rx.Component:
    return rx.el.option(option[1], value=option[0])


def options_of(options: Options) -> list[rx.Component]:
    """The options of a select: (value, label), from a list or a var."""
    if isinstance(options, rx.Var):
        return [rx.foreach(options, _option)]
    return [_option(option) for option in options]


def select_field(
    name: str, label: Part, options: Options, *, help: Part = "", error: Text = "", **props: Any
) -> rx.Component:
    """One of a few, with the browser's own list (best on a phone, best by keyboard)."""
    props = _described(name, help, error, props)
    return form_field(name, label, rx.el.select(*options_of(options), **props), help, error)


def check_field(name: str, label: Part, *, help: Part = "", **props: Any) -> rx.Component:
    """Yes or no, with the question beside it."""
    control = rx.el.input(type="checkbox", id=name, name=name, **props)
    text = rx.el.span(rx.el.span(label), *([rx.el.br(), rx.el.span(help, class_name="meta")] if given(help) else []))
    return rx.el.label(control, text, class_name="check")


def save_bar(
    *,
    dirty: rx.Var[bool],
    on_discard: Handler,
    on_save: Handler = None,
    busy: rx.Var[bool] | bool = False,
    text: str = "You have unsaved changes.",
) -> rx.Component:
    """Stays at the foot while something is unsaved, and guards the way out. Without `on_save` it submits its form."""
    save = {"on_click": on_save} if on_save is not None else {"type": "submit"}
    bar = rx.el.div(
        rx.el.span(text, class_name="muted"),
        secondary_button("Discard", on_click=on_discard),
        primary_button("Save", busy=busy, **save),
        class_name="save-bar",
        custom_attrs={"data-unsaved": "true"},
    )
    return when(dirty, bar)
