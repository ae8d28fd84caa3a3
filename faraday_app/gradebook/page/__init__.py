"""The pages of the gradebook."""

from faraday_app.gradebook.page import figures

__all__ = ["figures"]
