"""The parts of the pages of the organisation."""

from faraday_app.organizations.components.people import (
    invite_dialog,
    member_dialogs,
    open_invitations,
    people_filters,
    people_table,
)

__all__ = ["invite_dialog", "member_dialogs", "open_invitations", "people_filters", "people_table"]
