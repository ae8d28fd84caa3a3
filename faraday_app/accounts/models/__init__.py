"""The tables of people."""

from faraday_app.accounts.models import personal as personal
from faraday_app.accounts.models.factors import AuthenticatorApp, BackupCode, Passkey
from faraday_app.accounts.models.links import AccountLink, Purpose
from faraday_app.accounts.models.users import User

__all__ = ["AccountLink", "AuthenticatorApp", "BackupCode", "Passkey", "Purpose", "User"]
