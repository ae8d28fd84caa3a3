"""What the pages of organisations are made of."""

from faraday_app.organizations.components.people import (
    invite_dialog,
    member_dialogs,
    open_invitations,
    people_filters,
    people_table,
    reset_link_dialog,
)

__all__ = ["invite_dialog", "member_dialogs", "open_invitations", "people_filters", "people_table", "reset_link_dialog"]
