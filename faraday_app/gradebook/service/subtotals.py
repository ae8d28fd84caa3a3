"""What each student has in each group of work, for columns that are folded together."""

import asyncio
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service.access import standing
from faraday_app.core.clock import now
from faraday_app.core.errors import NotPermitted
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.calculation import Scores
from faraday_app.gradebook.service import reading
from faraday_app.gradebook.service.courses import NO_SCORES, Courses, courses_of, scores_of
from faraday_app.gradebook.service.structure import Structure


async def of_class(session: AsyncSession, actor: Actor, class_id: UUID) -> dict[UUID, list[str]]:
    """Of each student the current percent of every group in its order, as text; empty where nothing can be said.
    For the staff of the class."""
    if not (await standing(session, actor, class_id, Permission.gradebook_read)).is_staff:
        raise NotPermitted("The whole gradebook is for the staff of this class.")
    structure, moment = await reading.read(session, class_id), now()
    scores = await scores_of(session, structure, moment)
    return await asyncio.to_thread(_figured, structure, courses_of(structure), scores)


def _figured(structure: Structure, courses: Courses, scores: dict[UUID, Scores]) -> dict[UUID, list[str]]:
    keys = [str(group.id) for group in structure.groups]
    found = {}
    for student in structure.sections:
        each = courses.of(student).subtotals(scores.get(student, NO_SCORES))
        found[student] = ["" if each[key] is None else str(each[key]) for key in keys]
    return found
