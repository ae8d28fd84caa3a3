"""The pages of coursework."""

from faraday_app.coursework.page import materials

__all__ = ["materials"]
