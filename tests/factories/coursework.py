"""What is done with coursework, as tests do it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from faraday_app.classes.models import ClassStaff, SchoolClass, StaffRole, Term
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.service import reading
from tests.factories.classes import Classroom


async def do(actor: Actor, what: Any, *arguments: Any, **more: Any) -> Any:
    """A call of a service in a transaction of its own."""
    async with transaction(actor) as session:
        return await what(session, actor, *arguments, **more)


async def titles(room: Classroom, actor: Actor) -> list[str]:
    return [each.title for each in (await do(actor, reading.of_class, room.id)).work]


async def last_terms(room: Classroom, **more: Any) -> Classroom:
    """Another class of the same teacher, in a term that began 140 days earlier."""
    school = room.cast.organization_id
    async with transaction(Actor.system(school)) as session:
        this = await session.get_one(Term, room.term_id)
        starts, ends = this.starts_on - timedelta(days=140), this.starts_on - timedelta(days=10)
        term = Term(organization_id=school, name="Spring term", starts_on=starts, ends_on=ends)
        session.add(term)
        await session.flush()
        old = SchoolClass(organization_id=school, term_id=term.id, name="Biology 8B", **more)
        session.add(old)
        await session.flush()
        teacher = {"user_id": room.teacher.user, "role": StaffRole.teacher}
        session.add(ClassStaff(organization_id=school, class_id=old.id, **teacher))
    return replace(room, id=old.id, term_id=term.id)
