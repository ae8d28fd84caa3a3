"""The pages of the organisation: its people, how they sign in, and the second step of doing so."""

from faraday_app.organizations.page import people, second_step, sign_in

__all__ = ["people", "second_step", "sign_in"]
