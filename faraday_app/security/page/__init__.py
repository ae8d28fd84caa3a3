"""The pages of security."""

from faraday_app.security.page import addresses, addresses_for_all, audit, centre, encryption, incidents, keys, limits

__all__ = ["addresses", "addresses_for_all", "audit", "centre", "encryption", "incidents", "keys", "limits"]
