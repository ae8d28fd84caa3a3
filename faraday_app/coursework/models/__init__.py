"""The tables of coursework."""

from faraday_app.coursework.models.assignments import (
    Assignment,
    AssignmentGroup,
    AssignmentOverride,
    AssignmentStatus,
    SubmissionType,
)
from faraday_app.coursework.models.submissions import Submission, SubmissionFile

__all__ = [
    "Assignment",
    "AssignmentGroup",
    "AssignmentOverride",
    "AssignmentStatus",
    "Submission",
    "SubmissionFile",
    "SubmissionType",
]
