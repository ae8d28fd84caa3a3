"""The parts of the pages of people and of signing in."""

from faraday_app.organizations.components.people import (
    invite_dialog,
    member_dialogs,
    open_invitations,
    people_filters,
    people_table,
    reset_link_dialog,
)

__all__ = ["invite_dialog", "member_dialogs", "open_invitations", "people_filters", "people_table", "reset_link_dialog"]
