"""The pages of classes."""

from faraday_app.classes.page import classes

__all__ = ["classes"]
