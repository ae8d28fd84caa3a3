"""What is stored of the gradebook as the rows of a package would say it, so that what differs can be told."""

from collections.abc import Iterator, Set
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service.rosters.grading import References, Stored
from faraday_app.classes.service.rosters.identities import as_uuid
from faraday_app.classes.service.rosters.records import Category, File, LineItem, Package, Record, Result
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.models import ExchangeItem
from faraday_app.gradebook.service.entering import MOST, PLACES
from faraday_app.gradebook.service.exchange import items, told
from faraday_app.gradebook.service.exchange.holding import Holding, hold
from faraday_app.gradebook.service.exchange.results import MORE, status_of
from faraday_app.gradebook.service.exchange.words import flat
from faraday_app.gradebook.service.marks import NOTHING, Cell, Mark


async def stored(session: AsyncSession, actor: Actor, source: str, references: References, package: Package) -> Stored:
    """Where a row says nothing, or the same in other words, it says what is stored: only a difference is one."""
    held = await hold(session, actor, source, references, package)
    comments = {each.id: await items.comment_of(each) for each in held.results.values() if each.sealed_comment}
    categories = list(_categories(held, package))
    line_items = list(_line_items(held, package))
    results = list(_results(held, package, comments))
    found: dict[File, tuple[Record, ...]] = {
        File.categories: tuple(categories),
        File.line_items: tuple(line_items),
        File.results: tuple(results),
    }
    return Stored(references, found, _theirs(held, results), held)


def _theirs(held: Holding, results: list[Result]) -> dict[File, Set[str]]:
    mine = {item.sourced_id for item in held.results.values() if item.source == held.source}
    return {
        File.categories: {name for name, item in held.categories.items() if item.source == held.source},
        File.line_items: {item.sourced_id for item in held.line_items.values() if item.source == held.source},
        File.results: mine & {each.sourced_id for each in results},
    }


def _categories(held: Holding, package: Package) -> Iterator[Category]:
    wanted = {each.sourced_id: each for each in package.categories}
    names = {*wanted, *(each.category_id for each in package.line_items), *held.categories}
    for name in sorted(names):
        own = as_uuid(name)
        item, group = held.categories.get(name), held.groups.get(own) if own else None
        if item is None and group is None:
            continue
        found = replace(told.category(name, item, group), modified=told.modified_of(item))
        if said := wanted.get(name):
            title = said.title if flat(said.title) == found.title else found.title
            found = replace(found, title=title, weight=found.weight if said.weight is not None else None)
        yield found


def _line_items(held: Holding, package: Package) -> Iterator[LineItem]:
    wanted = {each.sourced_id: each for each in package.line_items}
    titles = {each.sourced_id: each.title for each in package.categories}
    for name, work_id in held.works.items():
        work, item = held.work[work_id], held.line_items.get(work_id)
        if name not in wanted and item is not None and item.sourced_id != name:
            continue  # it is known by the name of its item
        link = next((key[0] for key, each in held.links.items() if each.record_id == work.group_id), "")
        named = {"class_id": str(work.class_id), "category_id": link or str(work.group_id)}
        found = told.line_item(name, work, item, held.zone, **named, session_id=told.session_said(item), school_id="")
        found = replace(found, modified=told.modified_of(item))
        yield _as_said(held, found, work_id, wanted[name], titles) if name in wanted else found


def _as_said(held: Holding, found: LineItem, work_id: UUID, said: LineItem, titles: dict[str, str]) -> LineItem:
    work, item = held.work[work_id], held.line_items.get(work_id)
    category = held.categories.get(said.category_id)
    title = str(category.fields["title"]) if category else titles.get(said.category_id, "")
    same_class = held.our(File.classes, said.class_id) == work.class_id
    same_group = held.group_for(said.category_id, work.class_id, flat(title)) == work.group_id
    school = item.fields.get("school") if item else None
    return replace(
        found,
        title=said.title if flat(said.title) == found.title else found.title,
        description=said.description if flat(said.description) == found.description else found.description,
        class_id=said.class_id if same_class else found.class_id,
        category_id=said.category_id if same_group else found.category_id,
        session_id=found.session_id or said.session_id,
        school_id=str(school) if school else said.school_id,
        minimum=found.minimum if said.minimum is not None else None,
        maximum=found.maximum if said.maximum is not None else None,
    )


def _results(held: Holding, package: Package, comments: dict[UUID, str]) -> Iterator[Result]:
    """Each cell once: by the name that the package has for it, else by its own."""
    named: set[Cell] = set()
    for said in package.results:
        work_id, student = held.works.get(said.line_item_id), held.our(File.users, said.student_id)
        asked = (work_id, student) if work_id and student else None
        cell = held.cells.get(said.sourced_id) or asked
        if cell is None or (cell not in held.results and not held.marks.get(cell, NOTHING).says):
            continue
        if cell in named:
            continue  # two rows of one cell: the second is refused
        named.add(cell)
        found = _result(held, said.sourced_id, cell, comments)
        if cell == asked:
            found = replace(found, line_item_id=said.line_item_id, student_id=said.student_id, class_id=said.class_id)
            found = _in_its_words(found, said, held.marks.get(cell, NOTHING), held.results.get(cell))
        yield found
    for cell, item in held.results.items():
        if item.source == held.source and cell not in named:
            yield _result(held, item.sourced_id, cell, comments)


def _result(held: Holding, name: str, cell: Cell, comments: dict[UUID, str]) -> Result:
    item, mark = held.results.get(cell), held.marks.get(cell, NOTHING)
    work = held.work[cell[0]]
    line_item = held.line_items.get(work.id)
    named = {"line_item_id": line_item.sourced_id if line_item else str(work.id), "student_id": str(cell[1])}
    comment = comments.get(item.id, "") if item else ""
    modified = told.modified_of(item) if told.still_as_sent(mark, item) else mark.graded_at
    return replace(told.result(name, mark, item, comment, held.zone, **named), modified=modified)


def _in_its_words(found: Result, said: Result, mark: Mark, item: ExchangeItem | None) -> Result:
    """A score is the same before and after lateness was taken off; what the missing policy wrote was not sent."""
    score = _exact(said.score)
    theirs = {mark.score, mark.raw} - {None}
    if (score is None and (mark.by_policy or mark.excused)) or score in theirs:
        found = replace(found, score=said.score)
    now = status_of(mark, str(item.fields.get("scoreStatus", "")) if item else "")
    if status_of(mark, said.score_status) == now:
        found = replace(found, score_status=said.score_status)
    silent = {name: getattr(said, name) for name in MORE.values() if getattr(said, name) is None}
    return replace(found, **silent)


def _exact(score: Decimal | None) -> Decimal | None:
    """As it would be entered; what is too much for that stays as it is."""
    return score if score is None or abs(score) > MOST else score.quantize(PLACES, ROUND_HALF_UP)
