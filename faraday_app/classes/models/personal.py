"""Where persons stand in the tables of classes."""

from faraday_app.core.personal import Erasing, Place, declare

declare(
    Place("class_staff", "user_id", Erasing.keep, exported=True, why="Who taught a class is part of its record."),
    Place("enrolments", "student_id", Erasing.record, exported=True, at_last=Erasing.keep),
    Place("guardianships", "guardian_id", Erasing.delete, exported=True),
    Place("guardianships", "student_id", Erasing.delete, exported=True),
    Place("guardianships", "made_by", Erasing.keep, why="Who entered it."),
    Place(
        "roster_records",
        "person_id",
        Erasing.blank,
        exported=True,
        blank={"fields": "'{}'::jsonb"},
        why="That it came is kept, so that the school's own system does not bring the person in anew.",
    ),
    Place("roster_imports", "sent_by", Erasing.keep, why="Who brought a roster in."),
    Place("roster_imports", "applied_by", Erasing.keep, why="Who brought a roster in."),
)
