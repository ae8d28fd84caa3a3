"""The tables of people."""

from faraday_app.accounts.models.users import User

__all__ = ["User"]
