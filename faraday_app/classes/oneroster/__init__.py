"""OneRoster CSV, 1.1 and 1.2: pure functions between the bytes of a zip, typed records and what they would change.

Without a database and without a page: ``read`` a zip into a ``Package`` and findings, ``plan`` what it would change
about what is here, ``write`` a package as a zip. What each column may hold is said once, in ``tables``.
"""

from faraday_app.classes.oneroster.archive import Limits
from faraday_app.classes.oneroster.changing import (
    SHARE,
    Action,
    Change,
    Changes,
    FieldChange,
    Plan,
    changes,
    plan,
)
from faraday_app.classes.oneroster.findings import Finding, Rejection, Severity, Unresolved
from faraday_app.classes.oneroster.reading import Reading, read
from faraday_app.classes.oneroster.records import (
    GRADEBOOK,
    AcademicSession,
    Category,
    Course,
    Demographics,
    Enrollment,
    File,
    LineItem,
    Mode,
    Org,
    Package,
    Person,
    Record,
    Result,
    Role,
    RosterClass,
    ScoreScale,
    Status,
    UserProfile,
    Version,
)
from faraday_app.classes.oneroster.roles import Held, roles_held
from faraday_app.classes.oneroster.writing import Unwritable, write

__all__ = [
    "GRADEBOOK",
    "SHARE",
    "AcademicSession",
    "Action",
    "Category",
    "Change",
    "Changes",
    "Course",
    "Demographics",
    "Enrollment",
    "FieldChange",
    "File",
    "Finding",
    "Held",
    "Limits",
    "LineItem",
    "Mode",
    "Org",
    "Package",
    "Person",
    "Plan",
    "Reading",
    "Record",
    "Rejection",
    "Result",
    "Role",
    "RosterClass",
    "ScoreScale",
    "Severity",
    "Status",
    "Unresolved",
    "Unwritable",
    "UserProfile",
    "Version",
    "changes",
    "plan",
    "read",
    "roles_held",
    "write",
]
