"""The parts of the page that asks for the second factor."""

import reflex as rx

from faraday_app import ui
from faraday_app.organizations.state.second_step import SecondStepState

_CODES = {
    "app": ("Code of the authenticator app", "numeric"),
    "backup": ("Backup code", "text"),
    "mail": ("Code from the e-mail", "numeric"),
}
_SWITCHES = {
    "passkey": ("Use a passkey", "fingerprint"),
    "app": ("Use the authenticator app", "smartphone"),
    "backup": ("Use a backup code", "life_buoy"),
    "mail": ("Send me a code by e-mail", "mail"),
}


def problem(id: str = "") -> rx.Component:
    """Where the scripts say what went wrong."""
    named = {"id": id} if id else {}
    return rx.el.p(hidden=True, role="alert", class_name="callout red", custom_attrs={"data-problem": ""}, **named)


def code_form(way: str) -> rx.Component:
    """Sent by the script without leaving the page; what was typed stays when it was wrong."""
    label, mode = _CODES[way]
    send = rx.el.form(
        ui.secondary_button("Send the code", type="submit", icon="mail"),
        problem(),
        action="/auth/second-step/mail",
        method="post",
        class_name="stack",
        custom_attrs={"data-auth": "stay", "data-done": "Sent. It may take a minute."},
    )
    form = rx.el.form(
        rx.el.input(type="hidden", name="way", value=way, read_only=True),
        ui.text_field(
            "code",
            label,
            input_mode=mode,
            auto_complete="one-time-code",
            auto_focus=way != "mail",
            required=True,
            max_length=40,
        ),
        problem(),
        ui.primary_button("Continue", type="submit"),
        action="/auth/second-step",
        method="post",
        class_name="stack",
        custom_attrs={"data-auth": ""},
        key=way,
    )
    return rx.fragment(send, form) if way == "mail" else form


def passkey_button() -> rx.Component:
    button = ui.primary_button(
        "Use a passkey",
        icon="fingerprint",
        custom_attrs={
            "data-passkey": "/auth/second-step/passkey-options",
            "data-answers": "/auth/second-step",
            "data-tells": "passkey_problem",
        },
    )
    return rx.el.div(problem("passkey_problem"), button, class_name="stack")


def sign_in_with_passkey() -> rx.Component:
    """On the sign-in page: no e-mail and no password."""
    button = ui.secondary_button(
        "Sign in with a passkey",
        icon="fingerprint",
        custom_attrs={
            "data-passkey": "/auth/passkey-options",
            "data-answers": "/auth/passkey",
            "data-tells": "passkey_problem",
        },
    )
    return rx.el.div(problem("passkey_problem"), button, class_name="stack")


def other_ways() -> rx.Component:
    def other(way: str) -> rx.Component:
        text, icon = _SWITCHES[way]
        there = SecondStepState.ways.contains(way) & (SecondStepState.way != way)
        return rx.cond(
            there,
            ui.secondary_button(text, icon=icon, on_click=SecondStepState.choose(way)),
            rx.fragment(),
        )

    return rx.fragment(*[other(way) for way in _SWITCHES])
