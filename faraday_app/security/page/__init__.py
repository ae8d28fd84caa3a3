"""The pages of security."""

from faraday_app.security.page import addresses, audit, keys, limits

__all__ = ["addresses", "audit", "keys", "limits"]
