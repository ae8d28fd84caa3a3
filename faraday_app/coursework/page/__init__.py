"""The pages of coursework."""

from faraday_app.coursework.page import assignments, materials, rubrics

__all__ = ["assignments", "materials", "rubrics"]
