"""Results as they are found in the database: those of some cells, or a page where nothing is asked for that only a
document can say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, Subquery, and_, cast, collate, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.permissions import Actor
from faraday_app.gradebook.models import Exchanged, ExchangeItem, Grade
from faraday_app.gradebook.service import marks
from faraday_app.gradebook.service.exchange import items
from faraday_app.gradebook.service.exchange.asking import Asked
from faraday_app.gradebook.service.marks import NOTHING, Cell, Mark


@dataclass(frozen=True, slots=True)
class Found:
    cell: Cell
    mark: Mark
    grade_id: UUID | None
    item: ExchangeItem | None

    @property
    def name(self) -> str:
        return self.item.sourced_id if self.item else str(self.grade_id)


async def found_in(
    session: AsyncSession,
    who: Actor,
    within: Collection[UUID],
    works: Collection[UUID],
    student: UUID | None,
    students: Collection[UUID] | None = None,
) -> list[Found]:
    """What the ledger has, and what only another system speaks of, such as work that was not handed in."""
    which: list[ColumnElement[bool]] = [col(Grade.class_id).in_(within), col(Grade.assignment_id).in_(works)]
    if student is not None:
        which.append(col(Grade.student_id) == student)
    if students is not None:
        which.append(col(Grade.student_id).in_(students))
    there = await marks.find(session, *which)
    ids = {
        (work, student_id): id
        for id, work, student_id in await session.execute(
            select(col(Grade.id), col(Grade.assignment_id), col(Grade.student_id)).where(*which)
        )
    }
    named = {
        (each.record_id, each.student_id): each
        for each in await _items(session, who, within, works, students)
        if each.record_id in works and each.student_id and student in (None, each.student_id)
    }
    cells = [cell for cell, mark in there.items() if mark.says or cell in named]
    cells += [(work, person_id) for work, person_id in named if work and person_id and (work, person_id) not in there]
    found = [Found(cell, there.get(cell, NOTHING), ids.get(cell), named.get(cell)) for cell in cells]
    return sorted(found, key=lambda each: each.name)


async def _items(
    session: AsyncSession,
    who: Actor,
    within: Collection[UUID],
    works: Collection[UUID],
    students: Collection[UUID] | None,
) -> Sequence[ExchangeItem]:
    if students is None:
        return await items.in_classes(session, who, Exchanged.result, within)
    return await items.of_cells(session, who, works, students)


def is_plain(asked: Asked) -> bool:
    """In the order of their ids, and all of them."""
    return not asked.filter.strip() and asked.sort in ("", "sourcedId")


async def page_of(
    session: AsyncSession,
    who: Actor,
    within: Collection[UUID],
    works: Collection[UUID],
    student: UUID | None,
    asked: Asked,
) -> tuple[list[Cell], int]:
    """The cells of the page, in order, and how many there are in all: what is graded, and what only another system
    speaks of."""
    grades = select(Grade).where(*_of(Grade.class_id, within, Grade.assignment_id, works, Grade.student_id, student))
    g, i = grades.subquery("g"), _sent(who, within, works, student)
    joined = g.join(i, and_(i.c.record_id == g.c.assignment_id, i.c.student_id == g.c.student_id), full=True)
    is_there = or_(g.c.score.is_not(None), g.c.excused, i.c.id.is_not(None))
    name = collate(func.coalesce(i.c.sourced_id, cast(g.c.id, String)), "C")
    order = name.desc() if asked.descending and asked.sort else name
    cell = func.coalesce(g.c.assignment_id, i.c.record_id), func.coalesce(g.c.student_id, i.c.student_id)
    query = select(*cell).select_from(joined).where(is_there)
    rows = await session.execute(query.order_by(order).limit(asked.limit).offset(asked.offset))
    total = await session.scalar(select(func.count()).select_from(joined).where(is_there))
    return [(work, person) for work, person in rows], int(total or 0)


def _sent(who: Actor, within: Collection[UUID], works: Collection[UUID], student: UUID | None) -> Subquery:
    """The newest of each cell."""
    where = _of(ExchangeItem.class_id, within, ExchangeItem.record_id, works, ExchangeItem.student_id, student)
    ours = (
        col(ExchangeItem.organization_id) == who.organization,
        col(ExchangeItem.kind) == Exchanged.result.value,
        col(ExchangeItem.student_id).is_not(None),
    )
    cell = col(ExchangeItem.record_id), col(ExchangeItem.student_id)
    query = select(ExchangeItem).ext(distinct_on(*cell)).where(*ours, *where)
    return query.order_by(*cell, col(ExchangeItem.id).desc()).subquery("i")


def _of(
    class_id: Any, within: Collection[UUID], work: Any, works: Collection[UUID], whose: Any, student: UUID | None
) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = [col(class_id).in_(within), col(work).in_(works)]
    return which if student is None else [*which, col(whose) == student]
