"""One student's record in a class, exactly as far as the one who asks may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service.access import Standing, standing
from faraday_app.core.clock import now
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.calculation import Grades, Sheet, View, calculate
from faraday_app.gradebook.models import Audience
from faraday_app.gradebook.service import history, marks, reading, sheets
from faraday_app.gradebook.service.marks import NOTHING, Mark
from faraday_app.gradebook.service.sheets import Sheets
from faraday_app.gradebook.service.structure import Structure, WorkOf
from faraday_app.gradebook.service.visibility import visible
from faraday_app.security.service import seen as note_look


@dataclass(frozen=True, slots=True)
class Record:
    """``audience`` None: the staff, who sees everything. ``marks`` has only what the viewer may see, and ``sheet`` is
    what the totals are of: for an audience it holds nothing else either. Ids in it are those of work, as text."""

    standing: Standing
    structure: Structure
    student_id: UUID
    audience: Audience | None
    marks: Mapping[UUID, Mark]
    sheet: Sheet
    grades: Grades

    @property
    def view(self) -> View:
        return View.teacher if self.audience is None else View.student

    @property
    def work(self) -> list[WorkOf]:
        """What is for this student; for an audience also only what it is shown."""
        due = self.structure.due
        return [
            work
            for work in self.structure.work
            if due(work, self.student_id) is not None and (work.shown or self.audience is None)
        ]


async def of_student(
    session: AsyncSession, actor: Actor, class_id: UUID, student_id: UUID, moment: datetime | None = None
) -> Record:
    """What a student has and what it comes to, for the class's staff, themselves or a guardian; NotFound for others.

    With a moment: as it stood then, by the ledger and the rules of then, and as far as the viewer could see it then.
    """
    found = await standing(session, actor, class_id, Permission.gradebook_read)
    found.must_see(student_id)
    structure = await (_structure_at(session, class_id, moment) if moment else reading.read(session, class_id))
    if student_id not in structure.sections:
        raise NotFound("This student is not in the class.")
    if moment:
        theirs = await history.at(session, class_id, moment, [student_id])
    else:
        theirs = await marks.of_class(session, class_id, [student_id])
    await note_look(session, actor, student_id, f"grades in {found.school_class.name}")
    audience = audience_of(found, actor, student_id)
    return record_of(found, structure, student_id, audience, {cell[0]: mark for cell, mark in theirs.items()}, moment)


async def _structure_at(session: AsyncSession, class_id: UUID, moment: datetime) -> Structure:
    kept = await reading.as_of(session, class_id, moment)
    if kept is None:
        raise NotFound("There was nothing in this gradebook at that time.")
    return kept


def audience_of(found: Standing, actor: Actor, student_id: UUID) -> Audience | None:
    """As what somebody sees this student's grades; None for the staff."""
    if found.is_staff:
        return None
    return Audience.student if student_id == actor.user_id else Audience.parent


def record_of(
    found: Standing,
    structure: Structure,
    student_id: UUID,
    audience: Audience | None,
    theirs: Mapping[UUID, Mark],
    moment: datetime | None = None,
) -> Record:
    at = moment or now()
    made = Sheets(structure, at)
    counted = sheets.of_marks({(work, student_id): mark for work, mark in theirs.items()}).get(student_id, {})
    if audience is None:
        sheet, seen = made.of(student_id, counted), dict(theirs)
    else:
        sheet = made.as_seen(student_id, counted, audience)
        shown = {work.id for work in structure.work if work.shown}
        seen = {
            work: _seen(mark, visible(mark.posted_at, structure.releases.get(work), audience, at))
            for work, mark in theirs.items()
            if work in shown
        }
    view = View.teacher if audience is None else View.student
    return Record(found, structure, student_id, audience, seen, sheet, calculate(sheet, view))


def _seen(mark: Mark, visible_: bool) -> Mark:
    """Without its score until it may be seen. That work is excused is not a grade, and may be known at once."""
    if visible_:
        return mark
    return replace(NOTHING, excused=mark.excused, lateness=mark.lateness, deducted=Decimal(0), version=mark.version)
