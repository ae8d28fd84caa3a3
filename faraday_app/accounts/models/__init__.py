"""The tables of people."""

from faraday_app.accounts.models.factors import AuthenticatorApp, BackupCode, Passkey
from faraday_app.accounts.models.users import User

__all__ = ["AuthenticatorApp", "BackupCode", "Passkey", "User"]
