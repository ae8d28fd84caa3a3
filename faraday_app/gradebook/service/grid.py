"""The grid of a class: every cell once, and afterwards only those that changed, as compact plain data.

A cell is ``[shown, version, tags, typed]`` or 0 where there is nothing. ``tags`` are letters, see ``TAGS``; ``typed``
is what stands in the field when the cell is edited, and is left out where it is what is shown.
"""

import asyncio
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Section
from faraday_app.classes.service.access import Standing, standing
from faraday_app.core.clock import now
from faraday_app.core.errors import NotPermitted
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment
from faraday_app.gradebook.calculation import Shown
from faraday_app.gradebook.models import Posting
from faraday_app.gradebook.service import contents, lateness, ledger, marks, reading
from faraday_app.gradebook.service.courses import NO_SCORES, Courses, scores_of_marks
from faraday_app.gradebook.service.lateness import NOT_HANDED_IN, HandedIn
from faraday_app.gradebook.service.marks import NOTHING, Cell, Mark
from faraday_app.gradebook.service.structure import Structure, WorkOf

TAGS = {
    "l": "late",
    "m": "missing",
    "d": "dropped",
    "u": "not posted",
    "r": "pending review",
    "h": "not for this student",
    "c": "in a closed grading period",
    "s": "handed in, not graded",
}
Wire = list[Any] | int


@dataclass(frozen=True, slots=True)
class _Held:
    """All that the cells of some students are made of."""

    structure: Structure
    marks: dict[Cell, Mark]
    handed: dict[Cell, HandedIn]
    moment: datetime


async def open_grid(session: AsyncSession, actor: Actor, class_id: UUID) -> dict[str, Any]:
    """Everything of the class's grid. For its staff; an aide may not write, and is told so."""
    found = await _staff(session, actor, class_id)
    since = await marks.newest_entry(session, class_id)
    held = await _held(session, class_id, None)
    named = await people(session, held.structure)
    rows = await asyncio.to_thread(_rows, held, [id for id, *_ in named])
    return {
        **_head(found, held.structure, since),
        "groups": [_group(each) for each in held.structure.groups],
        "work": [_work(each, held.structure.releases.get(each.id, {})) for each in held.structure.work],
        "students": [[str(id), name, section, *rows[id]] for id, name, section in named],
    }


async def changes(session: AsyncSession, actor: Actor, class_id: UUID, since: UUID | None) -> dict[str, Any]:
    """What changed after that line of the ledger: the cells, and the totals of their students.

    ``structure`` is another word when work, dates, rules or people are others: then the grid is opened anew.
    """
    found = await _staff(session, actor, class_id)
    newest = await marks.newest_entry(session, class_id)
    cells = await marks.changed_since(session, class_id, since) if newest != since else set()
    return await of_cells(session, found, cells, newest)


async def of_cells(
    session: AsyncSession, found: Standing, cells: Collection[Cell], newest: UUID | None
) -> dict[str, Any]:
    """These cells as they are now. All cells of their students decide what is dropped, so these are told too."""
    class_id = found.school_class.id
    students = {student for _, student in cells}
    held = await _held(session, class_id, students)
    rows = await asyncio.to_thread(_rows, held, [id for id in held.structure.sections if id in students])
    return {
        **_head(found, held.structure, newest),
        "students": [[str(id), *row] for id, row in rows.items()],
    }


async def _staff(session: AsyncSession, actor: Actor, class_id: UUID) -> Standing:
    found = await standing(session, actor, class_id, Permission.gradebook_read)
    if not found.is_staff:
        raise NotPermitted("The whole gradebook is for the staff of this class.")
    return found


async def _held(session: AsyncSession, class_id: UUID, students: Collection[UUID] | None) -> _Held:
    return _Held(
        await reading.read(session, class_id),
        await marks.of_class(session, class_id, students),
        await lateness.handed_in(session, class_id, students),
        now(),
    )


def _head(found: Standing, structure: Structure, newest: UUID | None) -> dict[str, Any]:
    return {
        "class": str(structure.class_id),
        "writes": found.grades and found.school_class.archived_at is None,
        "manual": structure.policy.posting is Posting.manual,
        "structure": word_of(structure),
        "since": str(newest) if newest else "",
    }


def word_of(structure: Structure) -> str:
    return hashlib.sha256(repr(contents.as_json(structure)).encode()).hexdigest()[:16]


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


def _rows(held: _Held, students: Collection[UUID]) -> dict[UUID, list[Any]]:
    """Of each student: the totals, then a cell for each piece of work in its order."""
    courses = Courses(held.structure, held.moment)
    scores = scores_of_marks(held.structure, held.marks, held.moment)
    keys = [str(work.id) for work in held.structure.work]
    found = {}
    for student in students:
        current, final = courses.of(student).shown(scores.get(student, NO_SCORES))
        dropped = set(current.dropped)
        works = zip(keys, held.structure.work, strict=True)
        found[student] = [
            said_totals(current, final),
            [_cell(held, work, student, key in dropped) for key, work in works],
        ]
    return found


def said_totals(*results: Shown) -> list[str]:
    """Current percent and letter, final percent and letter; empty where nothing can be said."""
    return [word for each in results for word in ("" if each.percent is None else str(each.percent), each.letter or "")]


def _cell(held: _Held, work: WorkOf, student: UUID, dropped: bool) -> Wire:
    key = (work.id, student)
    mark, structure = held.marks.get(key, NOTHING), held.structure
    due, handed = structure.due(work, student), held.handed.get(key, NOT_HANDED_IN)
    if due is None and not mark.says:
        return ["", mark.version, "h"]
    tags = "".join(
        tag
        for tag, is_so in (
            ("l", mark.deducted > 0),
            ("m", lateness.is_missing(mark, work, due, handed, held.moment)),
            ("d", dropped),
            ("u", mark.says and mark.posted_at is None),
            ("r", mark.pending_review),
            ("c", structure.closed(work, student) is not None),
            ("s", bool(handed.attempts) and not mark.says),
        )
        if is_so
    )
    if not mark.version and not tags:
        return 0
    shown = ledger.said(mark) if mark.says else ""
    typed = typed_of(mark)
    if mark.deducted > 0:
        tags += f":{ledger.number(mark.deducted)}"
    return [shown, mark.version, tags] if typed == shown else [shown, mark.version, tags, typed]


def typed_of(mark: Mark) -> str:
    """What a teacher would type to have this: what was earned, before anything was taken off."""
    if mark.excused:
        return "EX"
    return mark.entered or ("" if mark.raw is None else ledger.number(mark.raw))


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
