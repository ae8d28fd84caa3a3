"""What the rows of a package are judged by: their cell, and how its class and period stand."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from faraday_app.classes.service.rosters.foreseeing import Prospect
from faraday_app.classes.service.rosters.identities import as_uuid
from faraday_app.classes.service.rosters.records import Change, Enrollment, File, LineItem, Record, Result, Status
from faraday_app.gradebook.service.exchange import told
from faraday_app.gradebook.service.exchange.holding import Holding
from faraday_app.gradebook.service.marks import Cell, Mark
from faraday_app.gradebook.service.structure import PeriodOf


@dataclass
class Grounds:
    """``line_items`` are the rows about them, as they were judged."""

    found: Prospect
    held: Holding

    @cached_property
    def line_items(self) -> dict[str, Change]:
        return {each.sourced_id: each for each in self.found.changes.get(File.line_items, [])}

    @cached_property
    def categories(self) -> dict[str, Change]:
        return {each.sourced_id: each for each in self.found.changes.get(File.categories, [])}

    def cell(self, change: Change) -> Cell | None:
        if found := self.held.cells.get(change.sourced_id):
            return found
        row = change.wanted or change.known
        if not isinstance(row, Result):
            return None
        work_id, student = self.held.works.get(row.line_item_id), self.held.our(File.users, row.student_id)
        return (work_id, student) if work_id and student else None

    def class_named(self, work_id: UUID | None) -> str:
        """What the package calls the class of work that is here already."""
        class_id = self.held.work[work_id].class_id if work_id else None
        return self._names.get(class_id, str(class_id))

    @cached_property
    def _names(self) -> dict[UUID | None, str]:
        return {each.record_id: name for name, each in self.found.known.held.get(File.classes, {}).items()}

    def class_id(self, sourced_id: str) -> UUID | None:
        return self.held.our(File.classes, sourced_id) or as_uuid(sourced_id)

    def shut(self, class_sourced_id: str) -> str:
        """Archived, or it will be."""
        after = self.found.after[File.classes].get(class_sourced_id)
        if after is not None:
            return "" if after.status is Status.active else "The class that it is of ends."
        class_id = self.class_id(class_sourced_id)
        school_class = self.held.classes.get(class_id) if class_id else None
        return "" if school_class and school_class.archived_at is None else "The class that it is of is archived."

    def learns(self, class_sourced_id: str, student_sourced_id: str, student: UUID | None) -> bool:
        """By the package where it says so, else by who is in the class. A file ends no enrolment that was made here."""
        class_id = self.class_id(class_sourced_id)
        structure = self.held.structures.get(class_id) if class_id else None
        is_here = structure is not None and student in structure.sections
        key = (class_sourced_id, student_sourced_id)
        said = self._learning.get(key)
        if said is None or student_sourced_id not in self.found.after[File.users]:
            return is_here
        return said or (is_here and key not in self._brought)

    @cached_property
    def _learning(self) -> dict[tuple[str, str], bool]:
        """Active, or not, for whom the package speaks of as a student of a class."""
        said: dict[tuple[str, str], bool] = {}
        for row in self._enrolments:
            key = (row.class_id, row.user_id)
            said[key] = said.get(key, False) or row.status is Status.active
        return said

    @cached_property
    def _brought(self) -> set[tuple[str, str]]:
        """Whose enrolment a file made."""
        held = self.found.known.held.get(File.enrollments, {})
        made = {id for id, each in held.items() if each.made}
        return {(row.class_id, row.user_id) for row in self._enrolments if row.sourced_id in made}

    @property
    def _enrolments(self) -> list[Enrollment]:
        rows = self.found.after[File.enrollments].values()
        return [row for row in rows if isinstance(row, Enrollment) and row.role == "student"]

    def period(self, class_id: UUID | None, wanted: LineItem) -> PeriodOf | None:
        structure = self.held.structures.get(class_id) if class_id else None
        return structure.period(told.due_at(wanted.due, self.held.zone)) if structure else None

    def closed_for(self, work_id: UUID, student: UUID | None = None) -> PeriodOf | None:
        """For one student; None: for anybody."""
        structure = self.held.structures.get(self.held.work[work_id].class_id)
        work = structure.by_id.get(work_id) if structure else None
        if structure is None or work is None:
            return None
        if student is not None:
            return structure.closed(work, student)
        period = structure.period(work.due_at)
        own = (structure.closed(work, each) for each in structure.sections if not work.same_for_all)
        return period if period and period.closed else next((each for each in own if each), None)

    def is_not_for(self, work_id: UUID, student: UUID) -> bool:
        """Where somebody has said for whom the work is."""
        structure = self.held.structures.get(self.held.work[work_id].class_id)
        work = structure.by_id.get(work_id) if structure else None
        if structure is None or work is None or student not in structure.sections:
            return False
        return structure.due(work, student) is None

    def is_entered_here(self, cell: Cell, mark: Mark) -> bool:
        if not mark.says or mark.by_policy:
            return False
        item = self.held.results.get(cell)
        return item is None or item.source != self.held.source or not told.still_as_sent(mark, item)

    def has_own_grades(self, work_id: UUID) -> bool:
        return work_id in self._graded_here

    @cached_property
    def _graded_here(self) -> set[UUID]:
        return {cell[0] for cell, mark in self.held.marks.items() if self.is_entered_here(cell, mark)}

    def person(self, row: Result) -> str:
        if row.student_id in self.found.after[File.users]:
            return self.found.person(row.student_id)
        id = self.held.our(File.users, row.student_id) or as_uuid(row.student_id)
        account = self.found.here.by_id.get(id) if id else None
        return account.name if account else row.student_id

    def title(self, row: Result) -> str:
        coming = self.line_items.get(row.line_item_id)
        record: Record | None = (coming.wanted or coming.known) if coming else None
        if isinstance(record, LineItem):
            return record.title
        work_id = self.held.works.get(row.line_item_id)
        return self.held.work[work_id].title if work_id else row.line_item_id
