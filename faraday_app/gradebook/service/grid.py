"""The grid of a class: every cell once, and afterwards only those that changed, as compact plain data."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Section
from faraday_app.classes.service.access import Standing, standing
from faraday_app.core.errors import NotPermitted
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment
from faraday_app.gradebook.models import Posting
from faraday_app.gradebook.service import cells, contents, ledger, marks, reading
from faraday_app.gradebook.service.marks import Cell
from faraday_app.gradebook.service.structure import Structure, WorkOf


async def open_grid(session: AsyncSession, actor: Actor, class_id: UUID) -> dict[str, Any]:
    """Everything of the class's grid. For its staff; an aide may not write, and is told so."""
    found = await _staff(session, actor, class_id)
    since = await marks.newest_entry(session, class_id)
    structure = await reading.read(session, class_id)
    named = await people(session, structure)
    rows = await cells.rows(session, structure, [id for id, *_ in named])
    return {
        **_head(found, structure, since),
        "groups": [_group(each) for each in structure.groups],
        "work": [_work(each, structure.releases.get(each.id, {})) for each in structure.work],
        "students": [[str(id), name, section, *rows[id]] for id, name, section in named],
    }


async def changes(session: AsyncSession, actor: Actor, class_id: UUID, since: UUID | None) -> dict[str, Any]:
    """What changed after that line of the ledger: the cells, and the totals of their students.

    ``structure`` is another word when work, dates, rules or people are others: then the grid is opened anew.
    """
    found = await _staff(session, actor, class_id)
    changed, newest = await marks.news(session, class_id, since)
    return await _of_cells(session, found, await reading.read(session, class_id), changed, newest)


async def of_cells(
    session: AsyncSession, actor: Actor, class_id: UUID, changed: Collection[Cell], structure: Structure | None = None
) -> dict[str, Any]:
    """These cells as they are now, for whoever changed them. ``since`` is empty: others may have changed others."""
    found = await _staff(session, actor, class_id)
    return await _of_cells(session, found, structure or await reading.read(session, class_id), changed, None)


async def _of_cells(
    session: AsyncSession, found: Standing, structure: Structure, changed: Collection[Cell], newest: UUID | None
) -> dict[str, Any]:
    """All cells of their students decide what is dropped, so these are told too."""
    students = {student for _, student in changed}
    rows = await cells.rows(session, structure, [id for id in structure.sections if id in students])
    return {
        **_head(found, structure, newest),
        "students": [[str(id), *row] for id, row in rows.items()],
    }


async def _staff(session: AsyncSession, actor: Actor, class_id: UUID) -> Standing:
    found = await standing(session, actor, class_id, Permission.gradebook_read)
    if not found.is_staff:
        raise NotPermitted("The whole gradebook is for the staff of this class.")
    return found


def _head(found: Standing, structure: Structure, newest: UUID | None) -> dict[str, Any]:
    return {
        "class": str(structure.class_id),
        "writes": found.grades and found.school_class.archived_at is None,
        "manual": structure.policy.posting is Posting.manual,
        "structure": contents.digest(structure)[:16],
        "since": str(newest) if newest else "",
    }


async def people(session: AsyncSession, structure: Structure) -> list[tuple[UUID, str, str]]:
    """By their names; the section is empty where the class has none."""
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(structure.sections)).order_by(col(User.name))
    ids = {section for section in structure.sections.values() if section}
    names = select(col(Section.id), col(Section.name)).where(col(Section.id).in_(ids))
    sections: dict[UUID | None, str] = dict((await session.execute(names)).all()) if ids else {}
    return [(id, name, sections.get(structure.sections[id], "")) for id, name in await session.execute(query)]


def _group(group: Any) -> list[Any]:
    return [str(group.id), group.name, None if group.weight is None else ledger.number(group.weight)]


def _work(work: WorkOf, releases: Mapping[str, datetime | None]) -> list[Any]:
    """At the end the audiences it is held back from, each with the moment it waits for, "" for a word."""
    points = None if work.points is None else ledger.number(work.points)
    held = {audience: begins.isoformat() if begins else "" for audience, begins in releases.items()}
    return [str(work.id), str(work.group_id), work.title, points, work.grading.value, work.shown, work.omitted, held]


async def at_work(session: AsyncSession, actor: Actor, class_id: UUID, signs: Mapping[UUID, UUID]) -> list[str]:
    """Who of the others is at which piece of work, in words; for the staff of the class. ``signs`` are what people
    show of themselves, work by person: nothing in them is believed that is not of this class."""
    await _staff(session, actor, class_id)
    others = {person: work for person, work in signs.items() if person != actor.user_id}
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(others)).order_by(col(User.name))
    works = select(col(Assignment.id), col(Assignment.title)).where(
        col(Assignment.id).in_(set(others.values())), col(Assignment.class_id) == class_id
    )
    if not others:
        return []
    titles = dict((await session.execute(works)).all())
    named = [(id, name) for id, name in await session.execute(query)]
    return [f"{name} is grading {titles[others[id]]}" for id, name in named if others[id] in titles]
