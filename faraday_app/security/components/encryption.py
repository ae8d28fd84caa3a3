"""The parts of the page of encryption keys."""

import reflex as rx

from faraday_app import ui
from faraday_app.security.state import EncryptionState
from faraday_app.security.views.encryption import DataKeyView
from faraday_app.ui.session import Viewer


def encryption_lead() -> rx.Component:
    """Which master key wraps, what still needs an older one, and how far a rotation has come."""
    text = (
        "Secrets such as two-factor codes are encrypted with a key of your organisation, which a master key of the"
        " deployment wraps. A rotation makes nothing unreadable."
    )
    in_use = rx.el.p("Master key in use: ", rx.el.code(EncryptionState.master), class_name="meta")
    older = ui.callout(
        "Older master keys are still needed: " + EncryptionState.older + ". Whoever runs Faraday can wrap all keys "
        "anew with “make rotate-keys”.",
        "amber",
    )
    progress = ui.callout(
        rx.el.span(EncryptionState.remaining, " values are waiting to be sealed with the current key.", role="status"),
        "iris",
    )
    return rx.el.div(
        rx.el.p(text, class_name="muted", style={"maxWidth": "70ch"}),
        rx.cond(EncryptionState.master, in_use, rx.fragment()),
        rx.cond(EncryptionState.older, older, rx.fragment()),
        rx.cond(EncryptionState.remaining > 0, progress, rx.fragment()),
        class_name="stack",
    )


def encryption_table() -> rx.Component:
    return ui.data_table(
        "Encryption keys, newest first",
        [
            ui.Column("Made", lambda row: rx.el.span(row.made, class_name="num"), width="24%"),
            ui.Column("State", _state),
            ui.Column("Seals", lambda row: rx.el.span(row.sealed, " values", class_name="num"), width="20%"),
            ui.Column("Wrapped by", lambda row: rx.el.code(row.master)),
        ],
        EncryptionState.rows,
        empty=ui.Empty("lock_keyhole", "Nothing is encrypted yet", "The first key is made when it is needed."),
        loading=EncryptionState.loading,
        error=EncryptionState.error,
        retry=EncryptionState.refresh,
    )


def erase_section() -> rx.Component:
    erase = ui.secondary_button("Erase keys", icon="shredder", on_click=EncryptionState.set_erasing(True))
    return rx.el.section(
        rx.el.h2("Erase everything encrypted"),
        rx.el.p(
            "When your organisation leaves, erase its keys: what they sealed cannot be read any more, nor in backups"
            " made from then on. Nobody can take this back.",
            class_name="muted",
            style={"maxWidth": "70ch"},
        ),
        rx.el.div(erase),
        class_name="stack",
        style={"marginTop": "24px"},
    )


def encryption_dialogs() -> rx.Component:
    rotate = ui.confirm_dialog(
        "Rotate the encryption key?",
        "What is encrypted from now on gets a new key, and what older keys sealed is sealed anew in the background.",
        open=EncryptionState.rotating,
        on_open_change=EncryptionState.set_rotating,
        confirm="Rotate",
        on_confirm=EncryptionState.rotate,
        danger=False,
    )
    erase = ui.dialog(
        "Erase the encryption keys?",
        "Two-factor codes, passwords of identity providers and all else that is sealed is lost for good.",
        rx.el.form(
            ui.text_field(
                "erase_name",
                "Type “" + Viewer.organization + "”",
                error=EncryptionState.name_error,
                auto_complete="off",
                required=True,
            ),
            rx.el.div(ui.danger_button("Erase for good", type="submit"), class_name="dialog-foot"),
            on_submit=EncryptionState.erase,
            class_name="stack",
        ),
        open=EncryptionState.erasing,
        on_open_change=EncryptionState.set_erasing,
    )
    return rx.fragment(rotate, erase)


def _state(row: DataKeyView) -> rx.Component:
    since = rx.cond(row.until, rx.el.span(row.until, class_name="meta num"), rx.fragment())
    return rx.el.span(ui.badge(row.state, row.tone), since, class_name="row")
