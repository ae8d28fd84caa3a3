"""People and schools, made through the services."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID, uuid4

from argon2 import PasswordHasher

from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.models import Membership
from faraday_app.organizations.service import add_department, create_organization, people
from faraday_app.organizations.service.identity import member
from faraday_app.organizations.service.subjects import members
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
        user = User(name=name, email=f"{uuid4().hex}@test.example", password_hash=_hash())
        session.add(user)
        await session.flush()
        await people.add_member(session, faraday, user.id, role, department_id)
        actor = await member(session, user.id, organization_id)
    assert actor
    return actor


async def make_cast() -> Cast:
    ours = await _school("Hill School", {
        "Jonas Prie": Role.administrator,
        "Tom Lindqvist": Role.head,
        "Maya Okafor": Role.teacher,
        "Ana Ruiz": Role.teacher,
        "Sara Byrne": Role.aide,
        "Elif Kaya": Role.student,
        "Nadir Kaya": Role.parent,
    })  # fmt: skip
    return Cast(*ours, *await _school("Lake School", {"Olga Petrova": Role.administrator}))


async def _school(name: str, people: dict[str, Role]) -> list[Actor]:
    """What one ``make_person`` after the other makes, in few words with the database: nearly every test begins so."""
    async with transaction(Actor.system()) as session:
        school = await create_organization(session, Actor.system(), name)
        faraday = Actor.system(school.id)
        science = await add_department(session, faraday, "Science") if Role.head in people.values() else None
        users = [User(name=each, email=f"{uuid4().hex}@test.example", password_hash=_hash()) for each in people]
        session.add_all(users)
        await session.flush()
        joined = [
            Membership(
                organization_id=school.id,
                user_id=user.id,
                role=role,
                department_id=science.id if science and role in IN_DEPARTMENTS else None,
            )
            for user, role in zip(users, people.values(), strict=True)
        ]
        session.add_all(joined)
        for user, each in zip(users, joined, strict=True):
            after = {"role": str(each.role), "department": science.name if science and each.department_id else ""}
            record(session, faraday, "membership.created", each, name=user.name, user_id=str(user.id), after=after)
        await session.flush()
        found = await members(session, school.id)
        return [
            Actor(
                user.id,
                school.id,
                found[user.id].role,
                department_id=each.department_id,
                name=user.name,
                email=user.email,
                department=science.name if science and each.department_id else "",
                organization_name=school.name,
                subject=found[user.id].subject,
            ).resolved()
            for user, each in zip(users, joined, strict=True)
        ]


async def email_of(actor: Actor) -> str:
    async with transaction(Actor.system()) as session:
        return (await session.get_one(User, actor.user)).email
