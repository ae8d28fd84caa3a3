"""The records of a package, for the domains that add theirs to one."""

from faraday_app.classes.oneroster import Category, File, LineItem, Result

__all__ = ["Category", "File", "LineItem", "Result"]
