"""The pages of security."""

from faraday_app.security.page import audit, centre, incidents, keys

__all__ = ["audit", "centre", "incidents", "keys"]
