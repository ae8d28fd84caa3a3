"""The pages of the gradebook."""

from faraday_app.gradebook.page import feedback, figures, grades, marking

__all__ = ["feedback", "figures", "grades", "marking"]
