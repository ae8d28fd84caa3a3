"""The pages of the gradebook."""

from faraday_app.gradebook.page import feedback, figures, marking

__all__ = ["feedback", "figures", "marking"]
