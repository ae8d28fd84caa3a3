"""The pages of coursework."""

from faraday_app.coursework.page import assignments, materials

__all__ = ["assignments", "materials"]
