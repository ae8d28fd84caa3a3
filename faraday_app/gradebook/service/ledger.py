"""Grades are entered: many cells at once, each against the version that was seen, each with a line that stays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service.access import teaching
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, FaradayError, Invalid, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.models import EntryKind
from faraday_app.gradebook.service import entering, lateness, marks, reading, totals
from faraday_app.gradebook.service.entering import Typed
from faraday_app.gradebook.service.lateness import NOT_HANDED_IN, HandedIn
from faraday_app.gradebook.service.marks import NOTHING, Cell, Line, Mark
from faraday_app.gradebook.service.settling import posted
from faraday_app.gradebook.service.structure import Structure
from faraday_app.gradebook.service.totals import Total
from faraday_app.security.service.audit import Thing, record

MOST = 25_000  # cells at once
MOST_REASON = 400


class Stale(Conflict):
    """Somebody else changed the cell: the answer shows both values."""


class ReasonNeeded(Invalid):
    """What was posted changes only with a reason."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell. ``typed`` is what a teacher wrote (``entering.read``), or already what it means.

    ``version`` is that of the grade that was on screen, 0 where there was none; None takes whatever is there.
    ``attempt`` is the one that was graded; None: the latest.
    """

    assignment_id: UUID
    student_id: UUID
    typed: str | Typed
    version: int | None = None
    attempt: int | None = None

    @property
    def cell(self) -> Cell:
        return self.assignment_id, self.student_id


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that stays as it is, why, and what it holds now: ``mark`` beside what was typed."""

    change: Change
    why: FaradayError
    mark: Mark


@dataclass(frozen=True, slots=True)
class Entered:
    """``batch_id`` is what ``undoing.undo`` takes back; None where nothing changed. ``cells`` are all that were asked
    for and not refused, as they are now."""

    batch_id: UUID | None
    cells: dict[Cell, Mark]
    refused: list[Refused]
    totals: dict[UUID, Total]
    structure: Structure


@dataclass(frozen=True, slots=True)
class _At:
    structure: Structure
    handed: dict[Cell, HandedIn]
    moment: datetime
    reason: str


async def enter(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    changes: Sequence[Change],
    *,
    reason: str = "",
    kind: EntryKind = EntryKind.graded,
    batch_id: UUID | None = None,
) -> Entered:
    """Enter what was typed. Each cell stands for itself: those that cannot be changed are refused with the reason, and
    the others are kept.

    Late penalties are taken off by the student's own due date, and what the class posts at once is posted. A change of
    a posted grade needs a reason, and in a closed grading period nothing changes. Totals are new when this returns.
    Needs ``gradebook:manage`` and a teacher of the class. ``batch_id`` holds together what one act enters in several
    classes.
    """
    standing = await teaching(session, actor, class_id, Permission.gradebook_manage)
    if len(changes) > MOST:
        raise Invalid(f"At most {MOST:,} grades at once.")
    await reading.alone(session, class_id)
    at = await _at(session, class_id, changes, " ".join(reason.split()))
    now_there = await marks.of_cells(session, class_id, {change.cell for change in changes})
    lines: dict[Cell, Line] = {}
    refused = []
    for change in changes:
        before = now_there.get(change.cell, NOTHING)
        try:
            lines[change.cell] = _line(at, change, before, kind)
        except FaradayError as error:
            refused.append(Refused(change, error, before))
    batch_id = batch_id or new_id()
    real = [line for line in lines.values() if line.after != line.before]
    written = await marks.write(
        session, standing.school_class.organization_id, class_id, real, made_by=actor.user_id, batch_id=batch_id
    )
    await reading.remember(session, at.structure)
    found = await totals.refresh(session, at.structure, {student for _, student in written}) if written else {}
    if written:
        record(
            session,
            actor,
            f"grades.{kind.value}",
            Thing("classes", class_id),
            cells=len(written),
            batch_id=str(batch_id),
        )
        publish_on_commit(session, topic("grades", class_id), batch_id)
    cells = {cell: written.get(cell, line.before) for cell, line in lines.items()}
    return Entered(batch_id if written else None, cells, refused, found, at.structure)


async def _at(session: AsyncSession, class_id: UUID, changes: Sequence[Change], reason: str) -> _At:
    if len(reason) > MOST_REASON:
        raise Invalid(f"A reason has at most {MOST_REASON} characters.", "reason")
    structure = await reading.read(session, class_id)
    students = {change.student_id for change in changes}
    works = {change.assignment_id for change in changes}
    return _At(structure, await lateness.handed_in(session, class_id, students, works), now(), reason)


def _line(at: _At, change: Change, before: Mark, kind: EntryKind) -> Line:
    structure = at.structure
    work = structure.by_id.get(change.assignment_id)
    if work is None or change.student_id not in structure.sections:
        raise NotFound("This student or this piece of work is no longer in the class.")
    due = structure.due(work, change.student_id)
    if due is None:
        raise Invalid(f"“{work.title}” is not for this student.")
    if change.version is not None and change.version != before.version:
        raise Stale(f"Somebody else changed this: it is {said(before)} now.")
    if period := structure.closed(work, change.student_id):
        raise Conflict(f"“{work.title}” is due in {period.name}, which is closed: its grades stay as they are.")
    typed = change.typed
    if isinstance(typed, str):
        typed = entering.read(typed, work, structure.policy.letters)
    handed = at.handed.get(change.cell, NOT_HANDED_IN)
    if change.attempt is not None and handed.attempts and change.attempt not in handed.attempts:
        raise Invalid(f"There is no attempt {change.attempt}.")
    after = _after(before, typed, change.attempt or handed.latest, at.moment)
    after = lateness.settled(after, work, structure.policy, due, handed, at.moment)
    if same(before, after) and change.attempt in (None, before.attempt):
        return Line(change.cell, before, before, kind)
    after = posted(after, structure, work.id, at.moment)
    if before.posted_at is not None and before.says and not before.by_policy and not at.reason:
        raise ReasonNeeded("This grade is posted: say why it changes.", "reason")
    return Line(change.cell, before, after, _kind(kind, typed), at.reason)


def _after(before: Mark, typed: Typed, attempt: int | None, at: datetime) -> Mark:
    after = entering.applied(before, typed)
    if typed.keeps:
        return after
    return replace(after, attempt=attempt, graded_at=at if typed.raw is not None or typed.excused else None)


def _kind(kind: EntryKind, typed: Typed) -> EntryKind:
    if kind is not EntryKind.graded:
        return kind
    if typed.excused:
        return EntryKind.excused
    return EntryKind.lateness if typed.keeps else kind


def same(one: Mark, other: Mark) -> bool:
    """Whether nothing but times, the version and the attempt differ."""
    return _without_times(one) == _without_times(other)


def _without_times(mark: Mark) -> Mark:
    return replace(mark, graded_at=None, posted_at=None, version=0, attempt=None)


def said(mark: Mark) -> str:
    """A grade in few characters, as a cell shows it."""
    if mark.excused:
        return "EX"
    if mark.score is None:
        return "—"
    return mark.entered if mark.entered and mark.deducted == 0 else number(mark.score)


def number(value: Decimal) -> str:
    """Without zeros at its end: 17.50 is 17.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
