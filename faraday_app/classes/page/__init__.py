"""The pages of classes."""

from faraday_app.classes.page import classes, guardians, rosters, school_class, terms

__all__ = ["classes", "guardians", "rosters", "school_class", "terms"]
