"""The pages of security."""

from faraday_app.security.page import audit, encryption, keys

__all__ = ["audit", "encryption", "keys"]
