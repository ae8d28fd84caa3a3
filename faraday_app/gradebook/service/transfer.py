"""Grades to a spreadsheet and back: an import says first what it would change, cell by cell."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service.access import teaching
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.models import EntryKind
from faraday_app.gradebook.service import cells, entering, grid, ledger, marks, reading, tables, workbooks
from faraday_app.gradebook.service.ledger import Change, Entered
from faraday_app.gradebook.service.marks import NOTHING
from faraday_app.gradebook.service.structure import Structure, WorkOf
from faraday_app.security.service.audit import Thing, record

FIXED = ("Student", "Student ID", "Section")
TOTALS = ("Current %", "Current letter", "Final %", "Final letter")
MOST_PROBLEMS = 100
_ID = re.compile(r"\[([0-9a-fA-F-]{36})\]\s*$")


@dataclass(frozen=True, slots=True)
class Planned:
    """A cell that the file would change: what it holds, and what it would hold. A posted one needs a reason."""

    change: Change
    student: str
    title: str
    now: str
    then: str
    posted: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """``problems`` say of which row and column they are; what they are about is left out. ``since`` is the ledger's
    last line: apply what was shown, and what somebody changed after it is refused."""

    changes: list[Planned]
    problems: list[str]
    since: UUID | None


async def export(session: AsyncSession, actor: Actor, class_id: UUID, kind: Literal["csv", "xlsx"]) -> bytes:
    """All grades and totals of a class, for its staff. Read again it changes nothing."""
    found = await grid.open_grid(session, actor, class_id)
    structure = await reading.read(session, class_id)
    heads = [f"{work.title} [{work.id}]" for work in structure.work]
    rows: list[Sequence[str]] = [[*FIXED, *heads, *TOTALS]]
    for id, name, section, totals, theirs in found["students"]:
        values = [(cell[3] if len(cell) > 3 else cell[0]) if cell else "" for cell in theirs]
        rows.append([name, id, section, *values, *totals])
    record(session, actor, "grades.exported", Thing("classes", class_id), students=len(rows) - 1, kind=kind)
    return await asyncio.to_thread(tables.as_csv if kind == "csv" else workbooks.write, rows)


async def plan(session: AsyncSession, actor: Actor, class_id: UUID, content: bytes) -> Plan:
    """What a file would change; nothing is written. An empty cell leaves a grade as it is, “-” clears it."""
    await teaching(session, actor, class_id, Permission.gradebook_manage)
    rows = await asyncio.to_thread(tables.read, content)
    since = await marks.newest_entry(session, class_id)
    structure = await reading.read(session, class_id)
    people = await grid.people(session, structure)
    theirs = await marks.of_class(session, class_id)
    problems: list[str] = []
    works = _works(rows[0], structure, problems)
    if not works:
        raise Invalid("No column of this file is a piece of work of this class. Export first, and fill that in.")
    students = _students(rows, {id: name for id, name, _ in people}, problems)
    changes = []
    for line, id, name in students:
        for column, work_id in works.items():
            value = rows[line][column] if column < len(rows[line]) else ""
            mark, work = theirs.get((work_id, id), NOTHING), structure.by_id[work_id]
            if not value or value == cells.typed_of(mark):
                continue
            try:
                typed = entering.read(value[:40], work, structure.policy.letters)
            except Invalid as error:
                problems.append(f"Row {line + 1}, “{work.title}”: “{value[:40]}” cannot be taken. {error.message}")
                continue
            if ledger.same(entering.applied(mark, typed), mark):
                continue
            if why := _stays(structure, work, id):
                problems.append(f"Row {line + 1}, “{work.title}”: {why}")
                continue
            change = Change(work_id, id, value[:40], mark.version)
            posted = mark.posted_at is not None and mark.says and not mark.by_policy
            changes.append(Planned(change, name, work.title, ledger.said(mark), value[:40], posted))
    return Plan(changes, problems[:MOST_PROBLEMS], since)


def _stays(structure: Structure, work: WorkOf, student_id: UUID) -> str:
    """Why nothing can be entered there, whatever it is."""
    if structure.due(work, student_id) is None:
        return "it is not for this student."
    period = structure.closed(work, student_id)
    return f"{period.name} is closed, and its grades stay as they are." if period else ""


async def apply(
    session: AsyncSession, actor: Actor, class_id: UUID, content: bytes, since: UUID | None, reason: str
) -> tuple[Plan, Entered]:
    """Enter what ``plan`` showed, as one change that can be taken back. What was changed after ``since`` is refused."""
    found = await plan(session, actor, class_id, content)
    stale = await marks.changed_since(session, class_id, since) if since != found.since else set()
    changes = [replace(each.change, version=-1) if each.change.cell in stale else each.change for each in found.changes]
    return found, await ledger.enter(session, actor, class_id, changes, reason=reason, kind=EntryKind.imported)


def _works(head: Sequence[str], structure: Structure, problems: list[str]) -> dict[int, UUID]:
    """Columns by the id in brackets, else by a title that only one piece of work has."""
    titles = Counter(work.title.casefold() for work in structure.work)
    by_title = {work.title.casefold(): work.id for work in structure.work if titles[work.title.casefold()] == 1}
    found: dict[int, UUID] = {}
    for column, words in enumerate(head):
        if words in FIXED or words in TOTALS or not words:
            continue
        named = _ID.search(words)
        id = _known(named[1], structure) if named else by_title.get(words.casefold())
        if id is None:
            problems.append(f"Column “{words[:80]}” is no piece of work of this class.")
        elif id in found.values():
            problems.append(f"Column “{words[:80]}” is there twice.")
        else:
            found[column] = id
    return found


def _known(words: str, structure: Structure) -> UUID | None:
    try:
        id = UUID(words)
    except ValueError:
        return None
    return id if id in structure.by_id else None


def _students(
    rows: Sequence[Sequence[str]], people: dict[UUID, str], problems: list[str]
) -> list[tuple[int, UUID, str]]:
    """Of each row the student, by id where there is one, else by a name that only one student has."""
    head = list(rows[0])
    at_id = head.index("Student ID") if "Student ID" in head else None
    at_name = head.index("Student") if "Student" in head else 0
    names = Counter(name.casefold() for name in people.values())
    by_name = {name.casefold(): id for id, name in people.items() if names[name.casefold()] == 1}
    by_id = {str(id): id for id in people}
    found, seen = [], set()
    for line, row in enumerate(rows[1:], 1):
        name = row[at_name] if at_name < len(row) else ""
        given = row[at_id] if at_id is not None and at_id < len(row) else ""
        id = by_id.get(given.lower()) if given else by_name.get(name.casefold())
        if id is None:
            who = (name or given)[:80]
            problems.append(f"Row {line + 1}: “{who}” is no student of this class, or not the only one.")
        elif id in seen:
            problems.append(f"Row {line + 1}: {people[id]} is there twice.")
        else:
            seen.add(id)
            found.append((line, id, people[id]))
    return found
