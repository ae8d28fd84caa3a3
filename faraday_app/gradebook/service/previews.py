"""What other rules would make of everybody's grade, before anything is saved."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service.access import teaching
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.calculation import Aggregate, DropBy, Group, Scheme, Sheet, Work, calculate
from faraday_app.gradebook.service import lateness, marks, reading, sheets, totals
from faraday_app.gradebook.service.courses import scores_of_marks
from faraday_app.gradebook.service.lateness import NOT_HANDED_IN
from faraday_app.gradebook.service.marks import Cell, Mark
from faraday_app.gradebook.service.policies import Policy, check
from faraday_app.gradebook.service.sheets import Sheets
from faraday_app.gradebook.service.structure import GroupOf
from faraday_app.gradebook.service.totals import NO_TOTAL, Total

MOST_TRIALS = 4_000  # scores that are tried one point higher


@dataclass(frozen=True, slots=True)
class Lowered:
    """One more point on this work lowers this student's total: the rules are not monotone there."""

    student_id: UUID
    work_id: UUID
    score: Decimal
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Preview:
    """``before`` and ``after`` are of every student. ``lowered`` is complete unless ``cut``."""

    before: dict[UUID, Total]
    after: dict[UUID, Total]
    lowered: list[Lowered]
    cut: bool

    @property
    def flips(self) -> list[UUID]:
        """Students whose letter would be another."""
        return [id for id, old in self.before.items() if old.current_letter != self.after[id].current_letter]


async def preview(
    session: AsyncSession, actor: Actor, class_id: UUID, policy: Policy, groups: Sequence[GroupOf]
) -> Preview:
    """What these rules would come to; nothing is written. ``groups`` are those that would be others, as they would be.

    For teachers of the class. Late penalties are figured out anew, and what is in a closed grading period stays.
    """
    await teaching(session, actor, class_id, Permission.gradebook_manage)
    check(policy)
    structure = await reading.read(session, class_id)
    theirs = await marks.of_class(session, class_id)
    handed = await lateness.handed_in(session, class_id)
    changed = {group.id: group for group in groups}
    wanted = replace(structure, policy=policy, groups=tuple(changed.get(group.id, group) for group in structure.groups))
    moment = now()

    def settled() -> dict[Cell, Mark]:
        found = {}
        for cell, mark in theirs.items():
            work = wanted.by_id.get(cell[0])
            if work is None or wanted.closed(work, cell[1]):
                found[cell] = mark
                continue
            due = wanted.due(work, cell[1])
            found[cell] = lateness.settled(mark, work, policy, due, handed.get(cell, NOT_HANDED_IN), moment)
        return found

    def figure() -> Preview:
        after = settled()
        old = totals.figure(structure, scores_of_marks(structure, theirs, moment), structure.sections)
        new = totals.figure(wanted, scores_of_marks(wanted, after, moment), structure.sections)
        made, grades = Sheets(wanted, moment), sheets.of_marks(after)
        lowered, cut = lowering({id: made.of(id, grades.get(id, {})) for id in structure.sections})
        return Preview(old, {id: new.get(id, NO_TOTAL) for id in old}, lowered, cut)

    return await asyncio.to_thread(figure)


def lowering(of_students: Mapping[UUID, Sheet]) -> tuple[list[Lowered], bool]:
    """Where one more point on a graded piece of work lowers the current total. Only groups that drop work, or look at
    percents, can do that; in a weighted class one that drops for the best total, and no highest, cannot."""
    found: list[Lowered] = []
    trials = 0
    for student, sheet in of_students.items():
        before = calculate(sheet).current.percent
        if before is None:
            continue
        for group, work in _suspects(sheet):
            trials += 1
            if trials > MOST_TRIALS:
                return found, True
            after = calculate(_higher(sheet, group, work)).current.percent
            if after is not None and after < before:
                score = Decimal(str(work.score))
                found.append(Lowered(student, UUID(str(work.id)), score, before, after))
    return found, False


def _suspects(sheet: Sheet) -> Iterable[tuple[Group, Work]]:
    for group in sheet.groups:
        rules = group.rules
        if not rules.lowest and not rules.highest:
            continue
        by_total = group.aggregate is Aggregate.sum and rules.by is DropBy.best_total
        if by_total and not rules.highest and (sheet.scheme is Scheme.weighted or len(sheet.groups) == 1):
            continue
        yield from ((group, work) for work in group.work if work.score is not None and not work.excused)


def _higher(sheet: Sheet, group: Group, work: Work) -> Sheet:
    more = replace(work, score=(work.score or 0) + 1)
    changed = replace(group, work=tuple(more if each.id == work.id else each for each in group.work))
    return replace(sheet, groups=tuple(changed if each.id == group.id else each for each in sheet.groups))
