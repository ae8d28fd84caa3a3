"""What lies over the page. All of it closes with Escape and gives the focus back."""

from collections.abc import Sequence

import reflex as rx

from faraday_app.ui.primitives._types import Flag, Handler, Part, Text
from faraday_app.ui.primitives.button import danger_button, icon_button, primary_button, secondary_button

# Radix sets its own width and padding more specifically than a class can.
_FITTING = {"width": "360px", "maxWidth": "calc(100vw - 32px)", "padding": "0"}


def _head(title: Part) -> rx.Component:
    return rx.el.div(
        rx.dialog.title(title, size="3", margin="0"),
        rx.dialog.close(icon_button("Close", "x", size="small")),
        class_name="dialog-head",
    )


def _foot(*actions: rx.Component) -> rx.Component:
    return rx.el.div(*actions, class_name="dialog-foot")


def dialog(
    title: Part,
    description: Part,
    *body: Part,
    open: rx.Var[bool],
    on_open_change: Handler,
    actions: Sequence[rx.Component] = (),
    width: str = "460px",
) -> rx.Component:
    """One decision or one short form. `actions` stand at the foot, the primary one last."""
    return rx.dialog.root(
        rx.dialog.content(
            _head(title),
            rx.dialog.description(description, size="2", class_name="muted", margin_bottom="16px"),
            rx.el.div(*body, class_name="stack"),
            *([_foot(*actions)] if actions else []),
            max_width=width,
        ),
        open=open,
        on_open_change=on_open_change,
    )


def confirm_dialog(
    title: Part,
    text: Part,
    *,
    open: rx.Var[bool],
    on_open_change: Handler,
    confirm: str,
    on_confirm: Handler,
    danger: bool = True,
    busy: Flag = False,
) -> rx.Component:
    """Asks before something that matters. The button says what it does ("Remove Ana"), never "OK"."""
    act = danger_button if danger else primary_button
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(title, size="3"),
            rx.alert_dialog.description(text, size="2", class_name="muted"),
            _foot(rx.alert_dialog.cancel(secondary_button("Cancel")), act(confirm, on_click=on_confirm, busy=busy)),
            max_width="420px",
        ),
        open=open,
        on_open_change=on_open_change,
    )


def popover(
    trigger: rx.Component, *body: Part, label: Text, open: rx.Var[bool], on_open_change: Handler
) -> rx.Component:
    """Something short under its trigger, without leaving the page. The label names it when it is read aloud."""
    return rx.popover.root(
        rx.popover.trigger(trigger),
        rx.popover.content(
            *body, align="end", class_name="popover", style=_FITTING, custom_attrs={"aria-label": label}
        ),
        open=open,
        on_open_change=on_open_change,
    )


def sheet(title: Part, trigger: rx.Component, *body: Part, description: Text) -> rx.Component:
    """Rises from the foot of a phone; a dialog on a desk. The description is only read aloud."""
    return rx.dialog.root(
        rx.dialog.trigger(trigger),
        rx.dialog.content(
            _head(title),
            rx.dialog.description(description, class_name="hidden"),
            *body,
            class_name="sheet",
            max_width="420px",
        ),
    )
