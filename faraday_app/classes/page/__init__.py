"""The pages of classes."""

from faraday_app.classes.page import classes, school_class

__all__ = ["classes", "school_class"]
