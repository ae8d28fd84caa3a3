"""The pages of security."""

from faraday_app.security.page import addresses, audit, encryption, keys, limits

__all__ = ["addresses", "audit", "encryption", "keys", "limits"]
