"""The gradebook's rows of a package become what they say, in the transaction of the roster."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlmodel import col

from faraday_app.classes.service.rosters.records import Action, Category, Change, File, LineItem, Result, Version
from faraday_app.classes.service.rosters.work import Work
from faraday_app.core.errors import Conflict
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import SubmissionType
from faraday_app.coursework.service.bringing import bring
from faraday_app.coursework.service.changes import gathered
from faraday_app.coursework.service.drafts import AssignmentDraft
from faraday_app.gradebook.models import EntryKind, Exchanged, ExchangeItem
from faraday_app.gradebook.service import ledger
from faraday_app.gradebook.service.entering import Typed
from faraday_app.gradebook.service.exchange import categories, items, line_items, results, told
from faraday_app.gradebook.service.exchange.categories import CategoryDraft
from faraday_app.gradebook.service.exchange.holding import Holding
from faraday_app.gradebook.service.exchange.items import Kept
from faraday_app.gradebook.service.exchange.results import EXEMPT, ResultDraft
from faraday_app.gradebook.service.exchange.words import moment
from faraday_app.gradebook.service.marks import NOTHING, Cell

AT_ONCE = 5_000


async def apply(work: Work) -> None:
    """Work first, then grades, each class's as one change of its ledger that can be taken back there."""
    if not isinstance(work.prospect.stored.own, Holding):
        return
    person = replace(work.actor, scopes=None).resolved()
    applying = _Applying(work, work.prospect.stored.own, person)
    async with gathered(work.session):
        await applying.write_categories()
        await applying.write_line_items()
    await applying.write_results()
    async with gathered(work.session):
        await applying.end()


@dataclass(slots=True)
class _Applying:
    """``works`` are the line items by what they are called, with those that are made on the way."""

    work: Work
    held: Holding
    actor: Actor
    works: dict[str, UUID] = field(default_factory=dict)
    groups: dict[tuple[UUID, str], UUID] = field(default_factory=dict)
    classes: dict[UUID, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.works = dict(self.held.works)
        self.classes = {id: each.class_id for id, each in self.held.work.items()}

    @property
    def version(self) -> Version:
        package = self.work.prospect.plan.reading.package
        return package.version if package else Version.v1_2

    async def write_categories(self) -> None:
        for change in self.work.written(File.categories, Action.create, Action.update):
            wanted, known = change.wanted, change.known
            assert isinstance(wanted, Category)
            before = known.weight if isinstance(known, Category) else None
            weight = wanted.weight if wanted.weight is not None else before
            draft, source = CategoryDraft(wanted.title, weight), self.work.prospect.source
            await categories.put(self.work.session, self.actor, change.sourced_id, draft, source)
            self.work.made["categories" if known is None else "categories changed"] += 1

    async def write_line_items(self) -> None:
        new: dict[UUID, list[Change]] = defaultdict(list)
        for change in self.work.written(File.line_items, Action.create):
            assert isinstance(change.wanted, LineItem)
            new[self._id(File.classes, change.wanted.class_id)].append(change)
        rows: list[Kept] = []
        for class_id in sorted(new):
            rows += await self._bring(class_id, new[class_id])
        changed = self.work.written(File.line_items, Action.update)
        rows += [await self._change(each) for each in changed]
        there = {item.id for item in self.held.line_items.values()}
        made = [each.sourced_id for some in new.values() for each in some]
        await self._forget_stale(Exchanged.line_item, made, there)
        await items.keep_all(self.work.session, self.actor, rows)
        self.work.made["line items"] += len(rows) - len(changed)
        self.work.made["line items changed"] += len(changed)

    async def _bring(self, class_id: UUID, changes: list[Change]) -> list[Kept]:
        rows = [each.wanted for each in changes if isinstance(each.wanted, LineItem)]
        drafts = [
            AssignmentDraft(
                title=row.title,
                group_id=await self._group(class_id, row.category_id),
                description=row.description,
                points=row.maximum,
                due_at=told.due_at(row.due, self.held.zone),
                submission_types=(SubmissionType.paper,),
            )
            for row in rows
        ]
        made = await bring(self.work.session, self.actor, class_id, drafts)
        self.works.update({row.sourced_id: each.id for row, each in zip(rows, made, strict=True)})
        self.classes.update({each.id: class_id for each in made})
        source = self.work.prospect.source
        return [self._item(row, class_id, each.id, source) for row, each in zip(rows, made, strict=True)]

    async def _change(self, change: Change) -> Kept:
        """Only what is another: a text that is the same on one line keeps its lines."""
        row, work_id = change.wanted, self.works[change.sourced_id]
        assert isinstance(row, LineItem)
        there, fields = self.held.work[work_id], {each.field for each in change.fields}
        said: dict[str, Any] = {name: getattr(row, name) for name in ("title", "description") if name in fields}
        if "due" in fields:
            said["due_at"] = told.due_at(row.due, self.held.zone)
        if "maximum" in fields:
            said["points"] = row.maximum
        if "category_id" in fields:
            said["group_id"] = await self._group(there.class_id, row.category_id)
        if said:
            await line_items.changed(self.work.session, self.actor, there, said)
        item = self.held.line_items.get(work_id)
        return self._item(row, there.class_id, work_id, item.source if item else "", item)

    def _item(
        self, row: LineItem, class_id: UUID, work_id: UUID, source: str, item: ExchangeItem | None = None
    ) -> Kept:
        session = "gradingPeriod" if self.version is Version.v1_1 else "academicSession"
        said = {
            "assignDate": moment(datetime.combine(row.assigned, time(), UTC)),
            session: row.session_id,
            "school": row.school_id,
            "resultValueMin": None if row.minimum is None else str(row.minimum),
            "modified": row.modified.isoformat() if row.modified else None,
        }
        before = dict(item.fields) if item else {}
        if "gradingPeriod" in before and session == "academicSession":
            del before["gradingPeriod"]
        fields = {**before, **{name: value for name, value in said.items() if value is not None}}
        values = {"kind": Exchanged.line_item.value, "sourced_id": row.sourced_id, "class_id": class_id}
        return Kept(item, {**values, "record_id": work_id, "fields": fields, "source": source})

    async def _group(self, class_id: UUID, category_id: str) -> UUID:
        key = (class_id, category_id)
        if key not in self.groups:
            self.groups[key] = await categories.group_for(self.work.session, self.actor, class_id, category_id)
        return self.groups[key]

    async def write_results(self) -> None:
        """Per class one change of the ledger. What a cell needs that is cleared with its work is left as it was."""
        going = {self.works.get(each.sourced_id) for each in self.work.written(File.line_items, Action.deactivate)}
        entering: dict[UUID, dict[Cell, tuple[Change, Typed]]] = defaultdict(dict)
        rows: list[Kept] = []
        gone: list[UUID] = []
        for change in self.work.written(File.results):
            cell = self._cell(change)
            class_id, item = self.classes[cell[0]], self.held.results.get(cell)
            if change.action is Action.deactivate:
                if cell[0] not in going:
                    entering[class_id][cell] = (change, Typed())
                    gone += [item.id] if item else []
                continue
            draft = _draft(change.wanted)
            if self._is_another(change, cell, draft):
                entering[class_id][cell] = (change, results.typed_of(draft))
            rows.append(self._result(change, cell, class_id, draft))
        for class_id in sorted(entering):
            await self._enter(class_id, entering[class_id])
        await self._keep(rows, gone)

    def _cell(self, change: Change) -> Cell:
        if change.action is Action.deactivate and (found := self.held.cells.get(change.sourced_id)):
            return found
        row = change.wanted or change.known
        assert isinstance(row, Result)
        return self.works[row.line_item_id], self._id(File.users, row.student_id)

    def _is_another(self, change: Change, cell: Cell, draft: ResultDraft) -> bool:
        """Nothing is entered where only a comment or a word about it is another: lateness would be taken off twice."""
        fields = {each.field for each in change.fields}
        excused = self.held.marks.get(cell, NOTHING).excused
        return change.known is None or "score" in fields or excused != (draft.score_status == EXEMPT)

    def _result(self, change: Change, cell: Cell, class_id: UUID, draft: ResultDraft) -> Kept:
        row, item = change.wanted, self.held.results.get(cell)
        assert isinstance(row, Result)
        fields = {**(item.fields if item else {}), **results.said_of(draft)}
        if self.version is not Version.v1_1 and not row.text_score:
            fields.pop("textScore", None)
        if row.modified:
            fields["modified"] = row.modified.isoformat()
        where = {"class_id": class_id, "record_id": cell[0], "student_id": cell[1]}
        named = {"kind": Exchanged.result.value, "sourced_id": row.sourced_id, "source": self.work.prospect.source}
        return Kept(item, {**named, **where, "fields": fields}, row.comment)

    async def _enter(self, class_id: UUID, cells: dict[Cell, tuple[Change, Typed]]) -> None:
        wanted = [ledger.Change(*cell, typed) for cell, (_, typed) in cells.items()]
        reason = f"Brought in from {self.work.prospect.source} (OneRoster)."
        more: dict[str, Any] = {"reason": reason, "kind": EntryKind.imported, "batch_id": self.work.import_id}
        entered = await ledger.enter(self.work.session, self.actor, class_id, wanted, **more)
        for refused in entered.refused:
            change = cells[refused.change.cell][0]
            place = f"Row {change.row} of results.csv" if change.row else f"“{change.sourced_id}” in results.csv"
            raise Conflict(f"{place} cannot be applied, and so nothing is: {refused.why.message}")
        for cell, mark in entered.cells.items():
            if mark.version != self.held.marks.get(cell, NOTHING).version:
                cleared = cells[cell][0].action is Action.deactivate
                self.work.made["grades cleared" if cleared else "grades"] += 1

    async def _keep(self, rows: list[Kept], gone: list[UUID]) -> None:
        session = self.work.session
        for begin in range(0, len(gone), AT_ONCE):
            await items.forget(session, col(ExchangeItem.id).in_(gone[begin : begin + AT_ONCE]))
        there = {item.id for item in self.held.results.values()}
        await self._forget_stale(
            Exchanged.result, [str(row.values["sourced_id"]) for row in rows if _is_renamed(row)], there
        )
        await items.keep_all(session, self.actor, rows)
        for change in self.work.written(File.results, Action.unchanged):
            cell, said = self.held.cells.get(change.sourced_id), change.wanted.modified if change.wanted else None
            item = self.held.results.get(cell) if cell else None
            if item is not None and said:  # nothing new, but at a later moment
                item.fields = {**item.fields, "modified": said.isoformat()}

    async def _forget_stale(self, kind: Exchanged, names: list[str], there: set[UUID]) -> None:
        """What went by these names, and is not there any more."""
        found = await items.named(self.work.session, self.actor, kind, names)
        stale = [each.id for each in found if each.id not in there]
        if stale:
            await items.forget(self.work.session, col(ExchangeItem.id).in_(stale))

    async def end(self) -> None:
        for change in self.work.written(File.line_items, Action.deactivate):
            await line_items.remove(self.work.session, self.actor, self.works[change.sourced_id])
            self.work.made["line items removed"] += 1
        for change in self.work.written(File.categories, Action.deactivate):
            await categories.delete(self.work.session, self.actor, change.sourced_id)
            self.work.made["categories removed"] += 1

    def _id(self, file: File, sourced_id: str) -> UUID:
        found = self.work.our_id(file, sourced_id)
        if found is None:
            raise Conflict(f"“{sourced_id}” of {file.csv} is not here, and so nothing is applied.")
        return found


def _is_renamed(row: Kept) -> bool:
    return row.item is None or row.item.sourced_id != row.values["sourced_id"]


def _draft(row: object) -> ResultDraft:
    assert isinstance(row, Result)
    said = {name: getattr(row, of_row) for name, of_row in results.MORE.items()}
    more = {name: value for name, value in said.items() if value not in (None, "")}
    return ResultDraft(
        row.line_item_id, row.student_id, row.score_status, row.scored, row.score, row.comment.strip(), more
    )
