"""Rows of a package that cannot become what they say: each with the sentence why. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

from faraday_app.classes.service.rosters.foreseeing import Prospect
from faraday_app.classes.service.rosters.identities import as_uuid
from faraday_app.classes.service.rosters.records import Action, Category, Change, File, LineItem, Result
from faraday_app.coursework.models import Assignment
from faraday_app.coursework.service.assignments import MOST as MOST_WORK
from faraday_app.coursework.service.drafts import LONGEST_DESCRIPTION, LONGEST_TITLE, MOST_POINTS
from faraday_app.coursework.service.groups import HEAVIEST
from faraday_app.gradebook.service.entering import MOST
from faraday_app.gradebook.service.exchange.categories import LONGEST
from faraday_app.gradebook.service.exchange.grounds import Grounds
from faraday_app.gradebook.service.exchange.holding import Holding
from faraday_app.gradebook.service.exchange.results import EXEMPT, MOVED
from faraday_app.gradebook.service.marks import NOTHING

WRITTEN = (Action.create, Action.update, Action.deactivate)
DATED = frozenset({"due", "maximum", "category_id", "status"})  # what of a line item decides grades
OVERWRITES = "It was entered here, and becomes what the file says."


def judge(found: Prospect) -> None:
    if isinstance(found.stored.own, Holding):
        held = found.stored.own
        _Judge(found, held, Grounds(found, held)).all()


@dataclass
class _Judge:
    found: Prospect
    held: Holding
    grounds: Grounds
    coming: Counter[str] = field(default_factory=Counter)

    def all(self) -> None:
        self._each(File.categories, self._category)
        self._each(File.line_items, self._line_item)
        self._each(File.results, self._result)
        self._each(File.categories, self._emptied)

    def _each(self, file: File, why: Callable[[Change], str]) -> None:
        """Nothing is said of a row that is not taken already, or stays as it is."""
        rows = self.found.changes.get(file, [])
        for at, change in enumerate(rows):
            if change.action not in WRITTEN:
                continue
            if change.wanted is None and (said := self._rests(file, change)):
                rows[at] = replace(change, action=Action.unchanged, why=said)
            elif said := why(change):
                rows[at] = replace(change, action=Action.reject, why=said)
        if file is File.results:
            rows[:] = [self._labelled(change) for change in rows]

    def _rests(self, file: File, change: Change) -> str:
        """What is over is not missed: a school sends what it is at."""
        cell = self.grounds.cell(change) if file is File.results else None
        work_id = cell[0] if cell else self.held.works.get(change.sourced_id) if file is File.line_items else None
        if work_id is None:
            return ""
        if self.grounds.shut(self.grounds.class_named(work_id)):
            return "Its class has ended."
        return "Its grading period is closed." if self.grounds.closed_for(work_id, cell[1] if cell else None) else ""

    # Categories

    def _category(self, change: Change) -> str:
        wanted = change.wanted
        if not isinstance(wanted, Category) or change.action is Action.deactivate:
            return ""
        title = " ".join(wanted.title.split())
        if len(title) > LONGEST:
            return f"A category has a title of up to {LONGEST} letters."
        if wanted.weight is not None and not 0 <= wanted.weight <= HEAVIEST:
            return f"A weight is between 0 and {HEAVIEST}."
        for group in self.held.groups_of(change.sourced_id) if change.action is Action.update else ():
            others = (each for each in self.held.groups.values() if each.class_id == group.class_id)
            if any(each.id != group.id and each.name.lower() == title.lower() for each in others):
                return f"“{self.held.classes[group.class_id].name}” has a group called “{title}” already."
        return ""

    def _emptied(self, change: Change) -> str:
        """A category goes when nothing is in it any more, as over REST."""
        if change.action is not Action.deactivate:
            return ""
        groups = {each.id for each in self.held.groups_of(change.sourced_id)}
        going = {self.held.works.get(each.sourced_id) for each in self._going(File.line_items)}
        inside = sum(work.group_id in groups and work.id not in going for work in self.held.work.values())
        coming = sum(
            each.action is Action.create
            and isinstance(each.wanted, LineItem)
            and each.wanted.category_id == change.sourced_id
            for each in self.grounds.line_items.values()
        )
        return f"There is work in it ({inside + coming}): it stays." if inside + coming else ""

    def _going(self, file: File) -> Iterable[Change]:
        return (each for each in self.found.changes.get(file, []) if each.action is Action.deactivate)

    # Line items

    def _line_item(self, change: Change) -> str:
        work_id = self.held.works.get(change.sourced_id)
        work = self.held.work[work_id] if work_id else None
        wanted = change.wanted
        if change.action is Action.deactivate or not isinstance(wanted, LineItem):
            return self._may_not_go(change, work_id)
        said = self._unfit(wanted) or self.grounds.shut(wanted.class_id) or self._misplaced(wanted, work)
        if said or (change.action is Action.update and not DATED & {each.field for each in change.fields}):
            return said
        class_id = self.held.our(File.classes, wanted.class_id)
        for period in (self.grounds.period(class_id, wanted), self.grounds.closed_for(work.id) if work else None):
            if period is not None and period.closed:
                return f"It is due in {period.name}, which is closed: nothing in it changes any more."
        return self._too_many(wanted.class_id, class_id) if work is None else ""

    def _misplaced(self, wanted: LineItem, work: Assignment | None) -> str:
        if self._is_refused(File.categories, wanted.category_id):
            return "The category that it is in is not taken."
        group = self.held.groups.get(each) if (each := as_uuid(wanted.category_id)) else None
        class_id = self.held.our(File.classes, wanted.class_id)
        if group and wanted.category_id not in self.held.categories and group.class_id != class_id:
            return f"There is no category “{wanted.category_id[:80]}” in this class."
        return "A line item stays in its class." if work is not None and work.class_id != class_id else ""

    def _unfit(self, wanted: LineItem) -> str:
        if len(" ".join(wanted.title.split())) > LONGEST_TITLE:
            return f"A title has up to {LONGEST_TITLE} letters."
        if len(wanted.description) > LONGEST_DESCRIPTION:
            return f"A description can have {LONGEST_DESCRIPTION:,} letters."
        if wanted.maximum is not None and not 0 <= wanted.maximum <= MOST_POINTS:
            return f"The highest value is between 0 and {MOST_POINTS:,}."
        return ""

    def _too_many(self, class_sourced_id: str, class_id: UUID | None) -> str:
        self.coming[class_sourced_id] += 1
        there = sum(work.class_id == class_id for work in self.held.work.values())
        more = there + self.coming[class_sourced_id] > MOST_WORK
        return f"A class can have {MOST_WORK} assignments." if more else ""

    def _may_not_go(self, change: Change, work_id: UUID | None) -> str:
        if work_id is None:
            return ""
        if period := self.grounds.closed_for(work_id):
            return f"It is due in {period.name}, which is closed: it stays."
        if change.wanted is None and self.grounds.has_own_grades(work_id):
            return "It is not in the file any more. It has grades that were entered here, so it stays."
        return self.grounds.shut(self.grounds.class_named(work_id))

    # Results

    def _result(self, change: Change) -> str:
        wanted, known = change.wanted, change.known
        if change.action is Action.deactivate or not isinstance(wanted, Result):
            return self._may_not_be_cleared(change)
        if isinstance(known, Result) and _cell_of(known) != _cell_of(wanted):
            return MOVED
        if (first := self._rows[_cell_of(wanted)]) != wanted.row:
            return f"Row {first} is about the same line item and student."
        if self._is_refused(File.line_items, wanted.line_item_id):
            return "The line item that it is of is not taken."
        if wanted.score is not None and abs(wanted.score) > MOST:
            return f"A score is at most {MOST:,}."
        return self._is_nobodys(wanted) or self._must_stay(wanted)

    @cached_property
    def _rows(self) -> dict[tuple[str, str], int]:
        """Which row of the file is the first about a cell."""
        found: dict[tuple[str, str], int] = {}
        for change in self.found.changes.get(File.results, []):
            if isinstance(change.wanted, Result):
                found.setdefault(_cell_of(change.wanted), change.wanted.row)
        return found

    def _is_nobodys(self, wanted: Result) -> str:
        coming, work_id = self.grounds.line_items.get(wanted.line_item_id), self.held.works.get(wanted.line_item_id)
        if coming and coming.action is Action.deactivate:
            return "The line item that it is of ends."
        row = coming.wanted if coming and isinstance(coming.wanted, LineItem) else None
        named = row.class_id if row else self.grounds.class_named(work_id)
        if why := self.grounds.shut(named):
            return why
        learns = self.grounds.learns(named, wanted.student_id, self.held.our(File.users, wanted.student_id))
        return "" if learns else "This student is not in the class of the line item."

    def _must_stay(self, wanted: Result) -> str:
        work_id, student = self.held.works.get(wanted.line_item_id), self.held.our(File.users, wanted.student_id)
        if work_id is None or student is None:
            return ""
        work = self.held.work[work_id]
        if self.grounds.is_not_for(work_id, student):
            return f"“{work.title}” is not for this student."
        if period := self.grounds.closed_for(work_id, student):
            return f"“{work.title}” is due in {period.name}, which is closed: its grades stay as they are."
        cell = (work_id, student)
        silent = wanted.score is None and wanted.score_status != EXEMPT
        if silent and self.grounds.is_entered_here(cell, self.held.marks.get(cell, NOTHING)):
            return "It says no score, and there is a grade that was entered here: it stays."
        return ""

    def _may_not_be_cleared(self, change: Change) -> str:
        cell = self.grounds.cell(change)
        if cell is None:
            return ""
        if period := self.grounds.closed_for(*cell):
            return f"It is due in {period.name}, which is closed: it stays."
        if change.wanted is None and self.grounds.is_entered_here(cell, self.held.marks.get(cell, NOTHING)):
            return "It is not in the file any more. It was changed here since it came, so it stays."
        return self.grounds.shut(self.grounds.class_named(cell[0]))

    def _is_refused(self, file: File, sourced_id: str) -> bool:
        """A row that would have made it, and cannot."""
        rows = self.grounds.line_items if file is File.line_items else self.grounds.categories
        change = rows.get(sourced_id)
        return change is not None and change.action is Action.reject and change.known is None

    def _labelled(self, change: Change) -> Change:
        """And that a grade of somebody here is overwritten, where it is."""
        row = change.wanted or change.known
        if change.action is Action.unchanged or not isinstance(row, Result):
            return change
        name = f"{self.grounds.person(row)}: {self.grounds.title(row)}"
        self.found.labels[File.results, change.sourced_id] = name[:300]
        cell = self.grounds.cell(change)
        entered = {"score", "score_status"} & {each.field for each in change.fields}
        if change.action is not Action.update or not entered or cell is None:
            return change
        own = self.grounds.is_entered_here(cell, self.held.marks.get(cell, NOTHING))
        return replace(change, why=OVERWRITES) if own else change


def _cell_of(row: Result) -> tuple[str, str]:
    return row.line_item_id, row.student_id
