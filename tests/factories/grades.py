"""Grades that somebody entered, through the services."""

from typing import Any

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment
from faraday_app.gradebook.models import GradebookPolicy
from faraday_app.gradebook.service import ledger, marks, records
from faraday_app.gradebook.service.ledger import Change, Entered
from faraday_app.gradebook.service.marks import NOTHING, Cell, Mark
from faraday_app.gradebook.service.records import Record
from tests.factories.classes import Classroom


async def enter(classroom: Classroom, *typed: tuple[Assignment, Actor, str], reason: str = "", **more: Any) -> Entered:
    """By the teacher, taking whatever is there; what is refused is no error."""
    changes = [Change(work.id, student.user, words, **more) for work, student, words in typed]
    async with transaction(classroom.teacher) as session:
        return await ledger.enter(session, classroom.teacher, classroom.id, changes, reason=reason)


async def mark_of(classroom: Classroom, work: Assignment, student: Actor) -> Mark:
    async with transaction(classroom.teacher) as session:
        found = await marks.of_class(session, classroom.id)
    return found.get((work.id, student.user), NOTHING)


async def record_of(classroom: Classroom, viewer: Actor, student: Actor, moment: Any = None) -> Record:
    async with transaction(viewer) as session:
        return await records.of_student(session, viewer, classroom.id, student.user, moment)


async def make_policy(classroom: Classroom, **fields: Any) -> None:
    """As a row, without what would follow from it."""
    async with transaction(Actor.system(classroom.cast.organization_id)) as session:
        session.add(GradebookPolicy(organization_id=classroom.cast.organization_id, class_id=classroom.id, **fields))


def cell(work: Assignment, student: Actor) -> Cell:
    return work.id, student.user
