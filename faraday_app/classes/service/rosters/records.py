"""The records of a package, for the domains that add theirs to one."""

from faraday_app.classes.oneroster import (
    Action,
    Category,
    Change,
    Enrollment,
    File,
    LineItem,
    Mode,
    Package,
    Record,
    Result,
    Status,
    Version,
)

__all__ = [
    "Action",
    "Category",
    "Change",
    "Enrollment",
    "File",
    "LineItem",
    "Mode",
    "Package",
    "Record",
    "Result",
    "Status",
    "Version",
]
