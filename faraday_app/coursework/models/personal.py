"""Where persons stand in the tables of coursework."""

from faraday_app.core.personal import Erasing, Place, declare

_CLASS = "Work for a class belongs to the class."
_MARKED = "Who marked a piece of work is part of its record."
_WITH_THE_WORK = "It is exported by its student, and goes with the work."
_HEARD = "Who heard an author, and who agreed, is part of the author's record."
_ON_ITS_WAY = "A file that was still being sent; what arrived is a file of its own."

declare(
    Place("assignments", "created_by", Erasing.keep, why=_CLASS),
    Place("assignment_overrides", "student_id", Erasing.record, exported=True),
    Place("assignment_team_members", "student_id", Erasing.record, exported=True),
    Place("submissions", "student_id", Erasing.record, exported=True),
    Place("submissions", "submitted_by", Erasing.keep, why="Who handed in for a team is part of its record."),
    Place(
        "submission_files",
        "submission_id",
        Erasing.record,
        exported=True,
        through="submissions",
        secret=("sealed_key", "digest"),
        files="sealed_key",
    ),
    Place("uploads", "user_id", Erasing.delete, why=_ON_ITS_WAY),
    Place("uploads", "submission_id", Erasing.record, through="submissions", why=_ON_ITS_WAY),
    Place("upload_parts", "upload_id", Erasing.delete, through="uploads", why=_ON_ITS_WAY, files="sealed_key"),
    Place("rubrics", "owner_id", Erasing.keep, exported=True, why="Classes are graded by it."),
    Place("rubric_versions", "made_by", Erasing.keep, why="Classes are graded by it."),
    Place("marking_plans", "moderator_id", Erasing.keep, why="Who moderates an assignment."),
    Place("bank_comments", "owner_id", Erasing.delete, exported=True),
    Place("assessments", "student_id", Erasing.record, exported=True, unposted=True, secret=("sealed_draft",)),
    Place("assessments", "submission_id", Erasing.record, through="submissions", why=_WITH_THE_WORK),
    Place("assessments", "marker_id", Erasing.keep, why=_MARKED),
    Place(
        "submission_comments",
        "student_id",
        Erasing.record,
        exported=True,
        unposted=True,
        secret=("sealed_key",),
        files="sealed_key",
        file_id="file_id",
    ),
    Place(
        "submission_comments",
        "submission_id",
        Erasing.record,
        through="submissions",
        why=_WITH_THE_WORK,
        files="sealed_key",
        file_id="file_id",
    ),
    Place("submission_comments", "author_id", Erasing.keep, why=_MARKED),
    Place("feedback_drafts", "student_id", Erasing.record, why="Proposals that a teacher may not have taken."),
    Place("feedback_drafts", "submission_id", Erasing.record, through="submissions", why=_WITH_THE_WORK),
    Place("feedback_drafts", "asked_by", Erasing.keep, why=_MARKED),
    Place(
        "peer_reviews",
        "author_id",
        Erasing.record,
        exported=True,
        unposted=True,
        secret=("reviewer_id",),
    ),
    Place("peer_reviews", "submission_id", Erasing.record, through="submissions", why=_WITH_THE_WORK),
    Place(
        "peer_reviews",
        "reviewer_id",
        Erasing.keep,
        exported=True,
        secret=("author_id", "submission_id", "team_id"),
        why="What was said of somebody's work is part of their record.",
    ),
    Place(
        "similarity_texts", "student_id", Erasing.record, why="The words of what was handed in; it is exported there."
    ),
    Place("similarity_texts", "submission_id", Erasing.record, through="submissions", why=_WITH_THE_WORK),
    Place("similarity_handouts", "added_by", Erasing.keep, why=_CLASS),
    Place("similarity_reviews", "student_id", Erasing.record, exported=True, unposted=True),
    Place("similarity_reviews", "submission_id", Erasing.record, through="submissions", why=_WITH_THE_WORK),
    Place("similarity_reviews", "asked_by", Erasing.keep, why=_HEARD),
    Place("similarity_reviews", "decided_by", Erasing.keep, why=_HEARD),
    Place("similarity_reviews", "confirmed_by", Erasing.keep, why=_HEARD),
    Place("materials", "created_by", Erasing.keep, why=_CLASS),
    Place("material_versions", "author_id", Erasing.keep, why=_CLASS),
)
