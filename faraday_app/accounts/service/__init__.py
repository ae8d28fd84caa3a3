"""What other domains ask of accounts: people, their passwords, and the links that are sent to them."""

from faraday_app.accounts.service import emails, links
from faraday_app.accounts.service.passwords import NO_PASSWORD, check_password, checked_password, set_password
from faraday_app.accounts.service.people import (
    appoint_platform_admin,
    clean_email,
    clean_name,
    create_user,
    find_user,
    note_seen,
    withdraw_platform_admin,
)

__all__ = [
    "NO_PASSWORD",
    "appoint_platform_admin",
    "check_password",
    "checked_password",
    "clean_email",
    "clean_name",
    "create_user",
    "emails",
    "find_user",
    "links",
    "note_seen",
    "set_password",
    "withdraw_platform_admin",
]
