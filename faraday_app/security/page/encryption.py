"""The keys that the organisation's data is encrypted with."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.components import encryption_dialogs, encryption_lead, encryption_table, erase_section
from faraday_app.security.state import EncryptionState

ENCRYPTION = ui.Nav("encryption", "Encryption", "lock_keyhole", section="Administration", order=28)


@ui.page("/encryption", "Encryption", Permission.encryption_manage, nav=ENCRYPTION, on_load=[EncryptionState.enter])
def encryption_page() -> rx.Component:
    rotate = ui.primary_button("Rotate key", icon="refresh_cw", on_click=EncryptionState.set_rotating(True))
    header = ui.header("Encryption", actions=[rotate])
    table = rx.fragment(encryption_table(), erase_section())
    return ui.list_page(header, encryption_lead(), table, encryption_dialogs())
