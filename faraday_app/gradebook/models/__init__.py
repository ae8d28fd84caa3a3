"""The tables of the gradebook."""

from faraday_app.gradebook.models import personal as personal
from faraday_app.gradebook.models.exchange import Exchanged, ExchangeItem
from faraday_app.gradebook.models.grades import EntryKind, Grade, GradeEntry, GradeTotal, Lateness
from faraday_app.gradebook.models.policies import (
    AssignmentPosting,
    Audience,
    GradebookPolicy,
    GradebookStructure,
    GradeRelease,
    Posting,
)

__all__ = [
    "AssignmentPosting",
    "Audience",
    "EntryKind",
    "ExchangeItem",
    "Exchanged",
    "Grade",
    "GradeEntry",
    "GradeRelease",
    "GradeTotal",
    "GradebookPolicy",
    "GradebookStructure",
    "Lateness",
    "Posting",
]
