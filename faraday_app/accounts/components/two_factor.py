"""The section of the account page in which a person sees to their second factors."""

import reflex as rx

from faraday_app import ui
from faraday_app.accounts.components.passkeys import passkey_dialogs, passkey_rows
from faraday_app.accounts.state import PasskeysState, TwoFactorState
from faraday_app.ui import browser
from faraday_app.ui.session import Viewer


def two_factor() -> rx.Component:
    """What is on, and what can be added or taken away."""
    shown = rx.cond(
        TwoFactorState.error,
        ui.error_state(TwoFactorState.error, TwoFactorState.refresh),
        rx.el.div(_required(), _rows(), _turn_off(), class_name="stack"),
    )
    return ui.form_section(
        "Two-factor authentication",
        "Beside your password you show something that only you have, so that a stolen password is not enough.",
        rx.cond(TwoFactorState.loading, ui.skeleton_lines(4), shown),
        _enrolment(),
        _codes(),
        _questions(),
        passkey_dialogs(),
    )


def _required() -> rx.Component:
    words = "Your organisation requires a second factor. Add one here to go on with your work."
    return rx.cond(Viewer.must_enrol, rx.el.div(ui.callout(words, "amber"), role="status"), rx.fragment())


def _rows() -> rx.Component:
    app = rx.cond(
        TwoFactorState.app,
        ui.secondary_button(
            "Remove",
            size="small",
            on_click=TwoFactorState.set_removing_app(True),
            aria_label="Remove the authenticator app",
        ),
        ui.secondary_button(
            "Set up", size="small", on_click=TwoFactorState.begin_app, aria_label="Set up the authenticator app"
        ),
    )
    return ui.rows(
        ui.row_item(
            "Authenticator app",
            rx.cond(TwoFactorState.app, "Asks for six digits when you sign in", "Six digits from an app on your phone"),
            leading=rx.icon("smartphone", size=18),
            trailing=rx.fragment(_state(TwoFactorState.app), app),
        ),
        ui.row_item(
            "Passkeys",
            "Your finger, face, PIN or security key; also without a password",
            leading=rx.icon("fingerprint", size=18),
            trailing=ui.secondary_button("Add", size="small", on_click=PasskeysState.add, aria_label="Add a passkey"),
        ),
        passkey_rows(),
        rx.cond(TwoFactorState.on, _backup(), rx.fragment()),
    )


def _backup() -> rx.Component:
    left = TwoFactorState.codes_left
    words = rx.cond(left > 0, f"{left} of 10 left, each works once", "None left: make new ones for emergencies")
    return ui.row_item(
        "Backup codes",
        words,
        leading=rx.icon("life_buoy", size=18),
        trailing=ui.secondary_button("New codes", size="small", on_click=TwoFactorState.new_codes),
    )


def _state(on: rx.Var[bool]) -> rx.Component:
    return rx.cond(on, ui.badge("On", "green"), rx.fragment())


def _turn_off() -> rx.Component:
    button = ui.ghost_button(
        "Turn two-factor authentication off", icon="shield_off", on_click=TwoFactorState.set_turning_off(True)
    )
    return rx.cond(TwoFactorState.on, rx.el.div(button), rx.fragment())


def _enrolment() -> rx.Component:
    learn = rx.el.div(
        rx.el.img(src=TwoFactorState.picture, alt="QR code for the authenticator app", class_name="qr"),
        rx.el.p("No camera? Enter this key in the app instead:", class_name="meta"),
        rx.el.div(
            rx.el.code(TwoFactorState.secret, id="app_secret"),
            ui.copy_button(TwoFactorState.secret, "Copy key"),
            class_name="row",
        ),
        class_name="stack",
    )
    form = rx.el.form(
        ui.text_field(
            "app_code",
            "Code that the app shows",
            error=TwoFactorState.code_error,
            help="Six digits. Each code works once.",
            input_mode="numeric",
            auto_complete="one-time-code",
            max_length=12,
            required=True,
        ),
        rx.el.div(ui.primary_button("Turn on", type="submit"), class_name="dialog-foot"),
        on_submit=TwoFactorState.finish_app,
        class_name="stack",
    )
    return ui.dialog(
        "Set up the authenticator app",
        "Scan this with an app such as Aegis, Google Authenticator, 1Password or your phone's own.",
        learn,
        form,
        open=TwoFactorState.enrolling,
        on_open_change=TwoFactorState.set_enrolling,
    )


def _codes() -> rx.Component:
    save = browser.act("save", "faraday-backup-codes.txt", "backup_codes")
    one = rx.foreach(TwoFactorState.codes, lambda code: rx.el.li(rx.el.code(code), key=code))
    return ui.dialog(
        "Your backup codes",
        "Each lets you in once when your phone or passkey is not at hand.",
        rx.el.ul(one, id="backup_codes", class_name="bare codes"),
        ui.callout("They are shown only now. Keep them where you would keep a spare key.", "amber"),
        open=TwoFactorState.codes.length() > 0,
        on_open_change=TwoFactorState.set_codes_shown,
        actions=[
            ui.secondary_button(
                "Copy",
                icon="copy",
                on_click=[rx.set_clipboard(TwoFactorState.codes.join("\n")), rx.toast.success("Copied.")],
            ),
            ui.secondary_button("Download", icon="download", on_click=save),
            ui.primary_button("Done", on_click=TwoFactorState.set_codes_shown(False)),
        ],
    )


def _questions() -> rx.Component:
    return rx.fragment(
        ui.confirm_dialog(
            "Remove the authenticator app?",
            "Its codes stop working at once. You can set it up again at any time.",
            open=TwoFactorState.removing_app,
            on_open_change=TwoFactorState.set_removing_app,
            confirm="Remove",
            on_confirm=TwoFactorState.remove_app,
        ),
        ui.confirm_dialog(
            "Turn two-factor authentication off?",
            "Your app, all passkeys and all backup codes stop working. Your password alone lets you in then.",
            open=TwoFactorState.turning_off,
            on_open_change=TwoFactorState.set_turning_off,
            confirm="Turn off",
            on_confirm=TwoFactorState.turn_off,
        ),
    )
