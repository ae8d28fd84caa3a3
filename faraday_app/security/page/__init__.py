"""The pages of security."""

from faraday_app.security.page import audit, keys

__all__ = ["audit", "keys"]
