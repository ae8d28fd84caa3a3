"""Role × relationship × field, for every read of this domain.

A field is what somebody would learn: ``roster:email`` is the address of a student, ``roster:Elif Kaya`` that she is in
the class. Each actor reads everything once, in one transaction, and must learn exactly what stands here.
"""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.models import Enrolled, Guardianship, StaffRole
from faraday_app.classes.service import (
    choosing,
    enrolments,
    guardians,
    listing,
    periods,
    roster,
    sections,
    staff,
    terms,
)
from faraday_app.classes.service.heading import heading
from faraday_app.classes.service.listing import ClassFilter
from faraday_app.classes.service.periods import PeriodDraft
from faraday_app.classes.service.roster import RosterFilter
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.service import add_department
from tests.factories.classes import Classroom, make_classroom
from tests.factories.people import make_person

CALENDAR = {"term", "period"}
STUDENTS = {"Amina Haddad", "Elif Kaya", "Emre Kaya", "Ben Carter"}
IN_CLASS = CALENDAR | {"class", "class:teachers", "staff"}
STAFF = (
    IN_CLASS
    | {"class:students", "counts", "staff:email", "section:Monday lab", "section:Thursday lab"}
    | {"roster:email", "roster:guardians", *(f"roster:{name}" for name in STUDENTS)}
)
CHANGING = {"choosing:students", "choosing:staff"}
OFFICE = {"guardians", "guardians:email", "choosing:family"}
ELIF, EMRE = {"roster:Elif Kaya", "section:Monday lab"}, {"roster:Emre Kaya", "section:Thursday lab"}

LEARNS: dict[str, set[str]] = {
    "teacher": STAFF | CHANGING,
    "teacher beside": STAFF | CHANGING,
    "aide": STAFF,
    "head of its department": STAFF | CHANGING,
    "head of another department": CALENDAR,
    "administrator": STAFF | CHANGING | OFFICE,
    "student": IN_CLASS | ELIF,
    "student who has completed it": IN_CLASS | EMRE,
    "student who was withdrawn": CALENDAR,
    "parent of two": IN_CLASS | ELIF | EMRE | {"class:children"},
    "parent of one": IN_CLASS | {"roster:Amina Haddad", "class:children"},
    "parent of the withdrawn": CALENDAR,
    "parent no more": CALENDAR,
    "teacher of nothing": CALENDAR,
    "student of nothing": CALENDAR,
    "administrator of another school": {"choosing:family"},
}


@dataclass(frozen=True)
class Scene:
    classroom: Classroom
    actors: dict[str, Actor]


@pytest.fixture
async def scene(cast) -> Scene:
    """Amina is in no section, Elif in one, Emre in the other and through; Ben was withdrawn."""
    classroom, school = await make_classroom(cast), cast.organization_id
    ben, out = [await make_person(school, Role.student, name) for name in ("Ben Carter", "Chloe Martin")]
    bens, gone = [await make_person(school, Role.parent, name) for name in ("Sofia Carter", "Rui Lopes")]
    async with transaction(cast.administrator) as session:
        humanities = await add_department(session, Actor.system(school), "Humanities")
        await _fill(session, cast.administrator, classroom, ben)
        for guardian, child in ((bens, ben), (gone, classroom.elif_)):
            await guardians.link(session, cast.administrator, guardian.user, child.user)
        [link] = await guardians.listed(session, cast.administrator, guardian_id=gone.user)
        (await session.get_one(Guardianship, link.id)).ended_at = now()
    other_head = await make_person(school, Role.head, "Petra Weber", humanities.id)
    actors = {
        "teacher": cast.teacher,
        "teacher beside": cast.colleague,
        "aide": cast.aide,
        "head of its department": cast.head,
        "head of another department": other_head,
        "administrator": cast.administrator,
        "student": classroom.elif_,
        "student who has completed it": classroom.emre,
        "student who was withdrawn": ben,
        "parent of two": classroom.nadir,
        "parent of one": classroom.karim,
        "parent of the withdrawn": bens,
        "parent no more": gone,
        "teacher of nothing": await make_person(school, Role.teacher, "Daniel Weiss"),
        "student of nothing": out,
        "administrator of another school": cast.stranger,
    }
    return Scene(classroom, actors)


async def _fill(session: AsyncSession, jonas: Actor, classroom: Classroom, ben: Actor) -> None:
    term = await terms.get(session, jonas, classroom.term_id)
    await periods.add(session, jonas, term.id, PeriodDraft("First quarter", term.starts_on, now().date()))
    await staff.add(session, jonas, classroom.id, [classroom.cast.colleague.user], StaffRole.teacher)
    await enrolments.enrol(session, jonas, classroom.id, [ben.user])
    for name, student in (("Monday lab", classroom.elif_), ("Thursday lab", classroom.emre)):
        part = await sections.add(session, jonas, classroom.id, name)
        await enrolments.move(session, jonas, classroom.id, [student.user], part.id)
    await enrolments.set_status(session, jonas, classroom.id, [ben.user], Enrolled.withdrawn)
    await enrolments.set_status(session, jonas, classroom.id, [classroom.emre.user], Enrolled.completed)


async def test_everybody_learns_exactly_what_is_theirs(scene):
    assert set(scene.actors) == set(LEARNS)
    learnt = {}
    for who, actor in scene.actors.items():
        async with transaction(actor) as session:
            learnt[who] = {fact async for fact in _facts(session, actor, scene.classroom.id)}
    for who, expected in LEARNS.items():
        assert learnt[who] == expected, who


async def _facts(session: AsyncSession, actor: Actor, class_id: UUID) -> AsyncIterator[str]:
    for read in (_calendar, _class, _roster, _staff, _choosing, _guardians):
        for fact in await read(session, actor, class_id):
            yield fact


async def _try(read: Awaitable[list], nothing: list | None = None) -> list:
    """What is refused is nothing learnt."""
    try:
        return await read
    except (NotFound, NotPermitted):
        return nothing or []


async def _calendar(session, actor, _):
    found = await terms.listed(session, actor)
    parts = await periods.of_terms(session, actor, [each.id for each in found])
    return [*("term" for _ in found), *("period" for each in parts.values() for _ in each)]


async def _class(session, actor, class_id):
    """The three ways to a class agree."""
    facts = []
    listed = await listing.listed(session, actor, ClassFilter())
    one = await _try(_alone(listing.one(session, actor, class_id)))
    head = await _try(_alone(heading(session, actor, class_id)))
    assert [each.id for each in listed] == [each.id for each in one] == [UUID(each.id) for each in head]
    assert [replace(each, school_class=None) for each in listed] == [replace(each, school_class=None) for each in one]
    for each, top in zip(one, head, strict=True):
        assert bool(each.children) == bool(top.children)
        facts += ["class"]
        facts += ["class:teachers"] if each.teachers else []
        facts += ["class:students"] if each.students is not None else []
        facts += ["class:children"] if each.children else []
    return facts


async def _alone(read):
    return [await read]


async def _roster(session, actor, class_id):
    found = await _try(roster.listed(session, actor, class_id, RosterFilter()))
    facts = [f"roster:{each.name}" for each in found]
    facts += ["roster:email" for each in found if each.email]
    facts += ["roster:guardians" for each in found if each.guardians]
    facts += ["counts" for counts in await _try(_alone(roster.counts(session, actor, class_id))) if counts]
    # A search finds nobody whom the list would not show.
    sought = await _try(roster.listed(session, actor, class_id, RosterFilter("a")))
    assert {each.id for each in sought} <= {each.id for each in found}
    return facts + [f"section:{each.name}" for each in await _try(sections.listed(session, actor, class_id))]


async def _staff(session, actor, class_id):
    found = await _try(staff.listed(session, actor, class_id))
    return [*("staff" for _ in found), *("staff:email" for each in found if each.email)]


async def _choosing(session, actor, class_id):
    pupils = await _try(_alone(choosing.students(session, actor, class_id, "")))
    staffing = await _try(_alone(choosing.staff(session, actor, class_id, "", StaffRole.aide)))
    family = await _try(_alone(choosing.family(session, actor, "", children=False)))
    return [
        *("choosing:students" for _ in pupils),
        *("choosing:staff" for _ in staffing),
        *("choosing:family" for _ in family),
    ]


async def _guardians(session, actor, _):
    found = await _try(guardians.listed(session, actor))
    for each in found:
        assert (await guardians.one(session, actor, each.id)) == each
    return [*("guardians" for _ in found), *("guardians:email" for each in found if each.guardian_email)]
