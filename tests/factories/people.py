"""People and schools, made through the services."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher

from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.service import add_department, create_organization, people
from faraday_app.organizations.service.identity import member

PASSWORD = "correct horse battery"


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
        user = User(name=name, email=f"{new_id().hex}@test.example", password_hash=_hash())
        session.add(user)
        await session.flush()
        await people.add_member(session, faraday, user.id, role, department_id)
        actor = await member(session, user.id, organization_id)
    assert actor
    return actor


async def make_cast() -> Cast:
    ours, theirs = await make_organization("Hill School"), await make_organization("Lake School")
    async with transaction(Actor.system(ours)) as session:
        science = (await add_department(session, Actor.system(ours), "Science")).id
    return Cast(
        administrator=await make_person(ours, Role.administrator, "Jonas Prie"),
        head=await make_person(ours, Role.head, "Tom Lindqvist", science),
        teacher=await make_person(ours, Role.teacher, "Maya Okafor", science),
        colleague=await make_person(ours, Role.teacher, "Ana Ruiz", science),
        aide=await make_person(ours, Role.aide, "Sara Byrne", science),
        student=await make_person(ours, Role.student, "Elif Kaya"),
        parent=await make_person(ours, Role.parent, "Nadir Kaya"),
        stranger=await make_person(theirs, Role.administrator, "Olga Petrova"),
    )


async def email_of(actor: Actor) -> str:
    async with transaction(Actor.system()) as session:
        return (await session.get_one(User, actor.user)).email
