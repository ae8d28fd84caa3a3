"""The pages of security."""

from faraday_app.security.page import addresses, audit, centre, encryption, incidents, keys, limits

__all__ = ["addresses", "audit", "centre", "encryption", "incidents", "keys", "limits"]
