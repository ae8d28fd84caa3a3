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
from faraday_app.coursework.models.peers import PeerPlan, PeerReview
from faraday_app.coursework.models.rubrics import (
    BankComment,
    MarkingPlan,
    Rubric,
    RubricCriterion,
    RubricVersion,
)
from faraday_app.coursework.models.similarity import (
    ComparedText,
    Fingerprint,
    Handout,
    Outcome,
    SimilarityCheck,
    SimilarityPair,
    SimilarityReview,
)
from faraday_app.coursework.models.submissions import (
    Submission,
    SubmissionFile,
)
from faraday_app.coursework.models.teams import AssignmentTeam, AssignmentTeamMember
from faraday_app.coursework.models.uploads import Upload, UploadPart

__all__ = [
    "Assessment",
    "AssessmentStatus",
    "Assignment",
    "AssignmentGroup",
    "AssignmentMaterial",
    "AssignmentOverride",
    "AssignmentStatus",
    "AssignmentTeam",
    "AssignmentTeamMember",
    "BankComment",
    "ComparedText",
    "DraftStatus",
    "FeedbackDraft",
    "FileState",
    "Fingerprint",
    "Handout",
    "MarkingPlan",
    "Material",
    "MaterialFile",
    "MaterialFolder",
    "MaterialKind",
    "MaterialUse",
    "MaterialVersion",
    "MaterialWords",
    "Outcome",
    "PeerPlan",
    "PeerReview",
    "Rubric",
    "RubricCriterion",
    "RubricVersion",
    "SimilarityCheck",
    "SimilarityPair",
    "SimilarityReview",
    "Submission",
    "SubmissionComment",
    "SubmissionFile",
    "SubmissionType",
    "Upload",
    "UploadPart",
]
