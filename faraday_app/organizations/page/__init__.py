"""The pages of organisations."""

from faraday_app.organizations.page import people, roles, second_step, sign_in

__all__ = ["people", "roles", "second_step", "sign_in"]
