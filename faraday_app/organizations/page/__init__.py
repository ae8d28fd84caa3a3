"""The pages of organisations."""

from faraday_app.organizations.page import people, roles

__all__ = ["people", "roles"]
