"""All that is here of the classes whose work or results a package speaks of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.classes.service.rosters.grading import References
from faraday_app.classes.service.rosters.identities import as_uuid
from faraday_app.classes.service.rosters.records import File, Mode, Package, Status
from faraday_app.core.database import TenantRow
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentGroup
from faraday_app.gradebook.models import Exchanged, ExchangeItem, Grade
from faraday_app.gradebook.service import marks, reading
from faraday_app.gradebook.service.exchange import items
from faraday_app.gradebook.service.marks import Cell, Mark
from faraday_app.gradebook.service.structure import Structure
from faraday_app.organizations.models import Organization

AT_ONCE = 5_000
Row = TypeVar("Row", bound=TenantRow)


@dataclass(slots=True)
class Holding:
    """``links`` are the groups that categories are in classes, by category and class. ``cells`` are those of results,
    by what they are called; ``works`` likewise of line items."""

    source: str
    zone: ZoneInfo
    references: References
    classes: dict[UUID, SchoolClass] = field(default_factory=dict)
    structures: dict[UUID, Structure] = field(default_factory=dict)
    work: dict[UUID, Assignment] = field(default_factory=dict)
    groups: dict[UUID, AssignmentGroup] = field(default_factory=dict)
    categories: dict[str, ExchangeItem] = field(default_factory=dict)
    links: dict[tuple[str, UUID], ExchangeItem] = field(default_factory=dict)
    line_items: dict[UUID, ExchangeItem] = field(default_factory=dict)
    works: dict[str, UUID] = field(default_factory=dict)
    results: dict[Cell, ExchangeItem] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    marks: dict[Cell, Mark] = field(default_factory=dict)

    def our(self, file: File, sourced_id: str | None) -> UUID | None:
        return self.references.get(file, {}).get(sourced_id) if sourced_id else None

    def groups_of(self, category: str) -> list[AssignmentGroup]:
        """What a category is in classes, of those that are looked at."""
        ids = [each.record_id for (name, _), each in self.links.items() if name == category]
        own = as_uuid(category)
        return [self.groups[id] for id in (*ids, own) if id in self.groups]

    def group_for(self, category: str, class_id: UUID, title: str) -> UUID | None:
        """As ``categories.group_for`` finds it, where it need not be made."""
        link = self.links.get((category, class_id))
        if link is not None and link.record_id in self.groups:
            return link.record_id
        if (own := as_uuid(category)) in self.groups and category not in self.categories:
            return own
        same = (each for each in self.groups.values() if each.class_id == class_id)
        return next((each.id for each in same if each.name.lower() == title.lower()), None)


async def hold(session: AsyncSession, actor: Actor, source: str, references: References, package: Package) -> Holding:
    school = await session.get_one(Organization, actor.organization)
    found = Holding(source, ZoneInfo(school.time_zone), references)
    named = await _named(session, actor, source, package)
    within = await _within(session, actor, found, named, package)
    found.classes = {each.id: each for each in await _of(session, SchoolClass, SchoolClass.id, within)}
    for item in [*named[Exchanged.category]]:
        found.categories[item.sourced_id] = item
    work = await _of(session, Assignment, Assignment.class_id, within)
    found.work = {each.id: each for each in work if each.deleted_at is None}
    groups = await _of(session, AssignmentGroup, AssignmentGroup.class_id, within)
    found.groups = {each.id: each for each in groups if each.deleted_at is None}
    for item in await items.in_classes(session, actor, Exchanged.group, within):
        if item.class_id:
            found.links[item.sourced_id, item.class_id] = item
    await _name_work(session, actor, found, within, package, named)
    await _name_cells(session, actor, found, within, package, named)
    if package.mode(File.line_items) is not Mode.absent or package.mode(File.results) is not Mode.absent:
        for class_id in sorted(within):
            found.structures[class_id] = await reading.read(session, class_id)
    return found


Named = Mapping[Exchanged, list[ExchangeItem]]


async def _named(session: AsyncSession, actor: Actor, source: str, package: Package) -> Named:
    """What the package calls by a name that is known, and all that came from its source."""
    line_items = {each.sourced_id for each in package.line_items} | {each.line_item_id for each in package.results}
    categories = {each.sourced_id for each in package.categories} | {each.category_id for each in package.line_items}
    wanted = {
        Exchanged.category: categories,
        Exchanged.line_item: line_items,
        Exchanged.result: {each.sourced_id for each in package.results},
    }
    found: dict[Exchanged, list[ExchangeItem]] = defaultdict(list)
    for item in await items.of_source(session, actor, source):
        found[Exchanged(item.kind)].append(item)
    for kind, ids in wanted.items():
        others = ids - {each.sourced_id for each in found[kind]}
        found[kind] += [each for each in await items.named(session, actor, kind, others) if each.source != source]
    gone = [each.sourced_id for each in package.categories if each.status is Status.tobedeleted]
    if package.mode(File.categories) is Mode.bulk:
        gone += [each.sourced_id for each in found[Exchanged.category] if each.source == source]
    changing = {*gone, *(each.sourced_id for each in package.categories)}
    found[Exchanged.group] += await items.named(session, actor, Exchanged.group, changing)
    return found


async def _within(
    session: AsyncSession, actor: Actor, found: Holding, named: Named, package: Package
) -> frozenset[UUID]:
    ids = {item.class_id for rows in named.values() for item in rows if item.class_id}
    ids |= {id for each in package.line_items if (id := found.our(File.classes, each.class_id))}
    works = {id for each in package.results if (id := as_uuid(each.line_item_id))}
    works |= {id for each in package.line_items if (id := as_uuid(each.sourced_id))}
    groups = {id for each in package.categories if (id := as_uuid(each.sourced_id))}
    ids |= {each.class_id for each in await _of(session, Assignment, Assignment.id, works)}
    ids |= {each.class_id for each in await _of(session, AssignmentGroup, AssignmentGroup.id, groups)}
    ours = select(col(SchoolClass.id)).where(
        col(SchoolClass.organization_id) == actor.organization, col(SchoolClass.id).in_(ids)
    )
    return frozenset(await session.scalars(ours))


async def _name_work(
    session: AsyncSession, actor: Actor, found: Holding, within: Collection[UUID], package: Package, named: Named
) -> None:
    """By the name that an item gives it, else by its own id."""
    theirs = [each for each in named[Exchanged.line_item] if each.source == found.source]
    for item in (*theirs, *await items.in_classes(session, actor, Exchanged.line_item, within, found.source)):
        if item.record_id in found.work:
            found.line_items[item.record_id] = item
            found.works[item.sourced_id] = item.record_id
    spoken = (*(each.sourced_id for each in package.line_items), *(each.line_item_id for each in package.results))
    for name in spoken:
        id = as_uuid(name)
        if id in found.work:
            found.works.setdefault(name, id)


async def _name_cells(
    session: AsyncSession, actor: Actor, found: Holding, within: Collection[UUID], package: Package, named: Named
) -> None:
    found.marks = await marks.find(session, col(Grade.class_id).in_(within)) if within else {}
    theirs = [each for each in named[Exchanged.result] if each.source == found.source]
    for item in (*theirs, *await items.in_classes(session, actor, Exchanged.result, within, found.source)):
        if item.record_id in found.work and item.student_id:
            cell = (item.record_id, item.student_id)
            found.results[cell] = item
            found.cells[item.sourced_id] = cell
    own = {id for each in package.results if (id := as_uuid(each.sourced_id)) and each.sourced_id not in found.cells}
    for grade in await _of(session, Grade, Grade.id, own):
        if grade.assignment_id in found.work:
            found.cells.setdefault(str(grade.id), (grade.assignment_id, grade.student_id))


async def _of(session: AsyncSession, table: type[Row], column: UUID, ids: Iterable[UUID]) -> list[Row]:
    """The rows with one of these in this column."""
    wanted, found = sorted(ids), list[Row]()
    for begin in range(0, len(wanted), AT_ONCE):
        found += await session.scalars(select(table).where(col(column).in_(wanted[begin : begin + AT_ONCE])))
    return found
