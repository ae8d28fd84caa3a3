"""People and schools, made through the services."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.accounts.models import User
from faraday_app.core.authorization import Holding, Subject
from faraday_app.core.database import transaction
from faraday_app.core.permissions import BUILT_IN, Actor, Role
from faraday_app.organizations.models import Department, Membership, Organization
from faraday_app.organizations.service import add_department, create_organization, people
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import record

PASSWORD = "correct horse battery"
IN_DEPARTMENTS = (Role.head, Role.teacher, Role.aide)


@dataclass(frozen=True)
class Cast:
    """The named people of a test, as actors with the rights of their role."""

    administrator: Actor
    head: Actor
    teacher: Actor
    colleague: Actor
    aide: Actor
    student: Actor
    parent: Actor
    stranger: Actor

    @property
    def organization_id(self) -> UUID:
        return self.administrator.organization


@lru_cache(maxsize=1)
def _hash() -> str:
    return PasswordHasher().hash(PASSWORD)


async def make_organization(name: str = "Test School") -> UUID:
    async with transaction(Actor.system()) as session:
        return (await create_organization(session, Actor.system(), name)).id


async def make_person(organization_id: UUID, role: Role, name: str, department_id: UUID | None = None) -> Actor:
    """A member with ``PASSWORD``; the e-mail address is unique."""
    faraday = Actor.system(organization_id)
    async with transaction(faraday) as session:
        user = _user(name)
        session.add(user)
        await session.flush()
        await people.add_member(session, faraday, user.id, role, department_id)
        actor = await member(session, user.id, organization_id)
    assert actor
    return actor


async def make_people(session: AsyncSession, organization: Organization, people: dict[str, Role]) -> list[Actor]:
    """What one ``make_person`` after the other makes, in few words with the database."""
    return await _join(session, [(organization, None, people)])


async def make_cast() -> Cast:
    ours = {
        "Jonas Prie": Role.administrator,
        "Tom Lindqvist": Role.head,
        "Maya Okafor": Role.teacher,
        "Ana Ruiz": Role.teacher,
        "Sara Byrne": Role.aide,
        "Elif Kaya": Role.student,
        "Nadir Kaya": Role.parent,
    }
    async with transaction(Actor.system()) as session:
        lake = await create_organization(session, Actor.system(), "Lake School")
        hill = await create_organization(session, Actor.system(), "Hill School")
        science = await add_department(session, Actor.system(hill.id), "Science")
        return Cast(*await _join(session, [(hill, science, ours), (lake, None, {"Olga Petrova": Role.administrator})]))


async def _join(
    session: AsyncSession, schools: list[tuple[Organization, Department | None, dict[str, Role]]]
) -> list[Actor]:
    """Nearly every test begins so. What the services read of new members is known here without asking them."""
    places = [
        (school, science if role in IN_DEPARTMENTS else None, _user(name), role)
        for school, science, people in schools
        for name, role in people.items()
    ]
    session.add_all(user for _, _, user, _ in places)
    await session.flush()
    for school, department, user, role in places:
        place = Membership(
            organization_id=school.id, user_id=user.id, role=role, department_id=department.id if department else None
        )
        session.add(place)
        after = {"role": str(role), "department": department.name if department else ""}
        faraday = Actor.system(school.id)
        record(session, faraday, "membership.created", place, name=user.name, user_id=str(user.id), after=after)
    await session.flush()
    return [_actor(*each) for each in places]


def _actor(school: Organization, department: Department | None, user: User, role: Role) -> Actor:
    department_id = department.id if department else None
    held = (Holding(BUILT_IN[role]),)
    subject = Subject(user.id, school.id, user.name, held, (), department_id, zone=school.time_zone)
    return Actor(
        user.id,
        school.id,
        role,
        department_id=department_id,
        name=user.name,
        email=user.email,
        department=department.name if department else "",
        organization_name=school.name,
        subject=subject,
    ).resolved()


def _user(name: str) -> User:
    return User(name=name, email=f"{uuid4().hex}@test.example", password_hash=_hash())


async def email_of(actor: Actor) -> str:
    async with transaction(Actor.system()) as session:
        return (await session.get_one(User, actor.user)).email
