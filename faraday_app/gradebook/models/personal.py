"""Where persons stand in the tables of the gradebook."""

from faraday_app.core.personal import Erasing, Place, declare

_LEDGER = "The ledger is append-only; after the retention it names an account without a name."

declare(
    Place("grades", "student_id", Erasing.record, exported=True, unposted=True),
    Place("grade_totals", "student_id", Erasing.record, exported=True, unposted=True),
    Place(
        "grade_entries", "student_id", Erasing.record, exported=True, unposted=True, at_last=Erasing.keep, why=_LEDGER
    ),
    Place("exchange_items", "student_id", Erasing.record, exported=True, unposted=True),
    Place("grade_entries", "made_by", Erasing.keep, why="Who graded is part of the record."),
)
