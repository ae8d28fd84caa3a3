"""The pages of coursework."""

from faraday_app.coursework.page import assignments, materials, rubrics, similarity

__all__ = ["assignments", "materials", "rubrics", "similarity"]
