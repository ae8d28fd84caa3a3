"""The grades of the demo school: what was due is graded but for a few pieces, two late, one changed with a reason."""

import random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.core.clock import now
from faraday_app.demo.classes import BIOLOGY
from faraday_app.demo.people import School
from faraday_app.gradebook.service import ledger, reading, ruling
from faraday_app.gradebook.service.ledger import Change
from faraday_app.gradebook.service.policies import usual

UNGRADED = 0.06  # of what was due
CHANCE = 9  # the same school every time


async def make(session: AsyncSession, school: School) -> None:
    """Of Biology 9B, as far as there is work in it. Weighted where its groups have weights."""
    maya, chance = school.person("Maya Okafor"), random.Random(CHANCE)  # nosec B311  no secret
    ours = col(SchoolClass.organization_id) == maya.organization, col(SchoolClass.name) == BIOLOGY
    class_id = await session.scalar(select(col(SchoolClass.id)).where(*ours))
    if class_id is None:
        return
    structure = await reading.read(session, class_id)
    weighted = any(group.weight for group in structure.groups)
    await ruling.set_policy(session, maya, class_id, usual(weighted=weighted, late_percent=10))
    ability = {student: chance.triangular(0.55, 1, 0.85) for student in structure.sections}
    changes = [
        Change(work.id, student, _score(chance, ability[student], float(work.points)))
        for work in structure.work
        if work.shown and work.points and work.grading == "points" and work.due_at and work.due_at < now()
        for student in structure.sections
        if structure.due(work, student) and chance.random() > UNGRADED
    ]
    if not changes:
        return
    await ledger.enter(session, maya, class_id, changes)
    late = [Change(each.assignment_id, each.student_id, "late 1d") for each in changes[5:60:27]]
    await ledger.enter(session, maya, class_id, late, reason="Handed in on paper")
    again = changes[4]
    await ledger.enter(
        session, maya, class_id, [Change(again.assignment_id, again.student_id, "90 %")], reason="Second marker"
    )


def _score(chance: random.Random, ability: float, points: float) -> str:
    """In halves of a point."""
    share = min(max(chance.gauss(ability, 0.09), 0.2), 1)
    return f"{round(share * points * 2) / 2:g}"
