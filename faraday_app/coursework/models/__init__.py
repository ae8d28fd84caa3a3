"""The tables of coursework."""

from faraday_app.coursework.models import personal as personal
from faraday_app.coursework.models.assessments import (
    Assessment,
    AssessmentStatus,
    DraftStatus,
    FeedbackDraft,
    SubmissionComment,
)
from faraday_app.coursework.models.assignments import (
    Assignment,
    AssignmentGroup,
    AssignmentOverride,
    AssignmentStatus,
    SubmissionType,
)
from faraday_app.coursework.models.materials import (
    AssignmentMaterial,
    FileState,
    Material,
    MaterialFile,
    MaterialFolder,
    MaterialKind,
    MaterialUse,
    MaterialVersion,
    MaterialWords,
)
from faraday_app.coursework.models.rubrics import (
    BankComment,
    MarkingPlan,
    Rubric,
    RubricCriterion,
    RubricVersion,
)
from faraday_app.coursework.models.submissions import (
    Submission,
    SubmissionFile,
)

__all__ = [
    "Assessment",
    "AssessmentStatus",
    "Assignment",
    "AssignmentGroup",
    "AssignmentMaterial",
    "AssignmentOverride",
    "AssignmentStatus",
    "BankComment",
    "DraftStatus",
    "FeedbackDraft",
    "FileState",
    "MarkingPlan",
    "Material",
    "MaterialFile",
    "MaterialFolder",
    "MaterialKind",
    "MaterialUse",
    "MaterialVersion",
    "MaterialWords",
    "Rubric",
    "RubricCriterion",
    "RubricVersion",
    "Submission",
    "SubmissionComment",
    "SubmissionFile",
    "SubmissionType",
]
