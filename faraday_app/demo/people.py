"""The people of the demo school, with passwords of their own each time."""

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.accounts import service as accounts
from faraday_app.core.clock import now
from faraday_app.core.database import enter_scope
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Role
from faraday_app.credits import service as credits
from faraday_app.credits.views import CREDIT
from faraday_app.organizations.service import add_department, create_organization, people
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import api_keys

SCHOOL = "Faraday Demo School"
DOMAIN = "demo.faraday.example"
STAFF = [
    (Role.administrator, "Jonas Prie", ""),
    (Role.head, "Tom Lindqvist", "Science"),
    (Role.teacher, "Maya Okafor", "Science"),
    (Role.teacher, "Ana Ruiz", "Science"),
    (Role.teacher, "Daniel Weiss", "Humanities"),
    (Role.aide, "Sara Byrne", "Humanities"),
]
STUDENTS = [
    "Elif Kaya", "Emre Kaya", "Amina Haddad", "Ben Carter", "Chloe Martin", "Diego Santos", "Finn Olsen", "Grace Obi",
    "Hugo Weber", "Ines Lopes", "Jun Tanaka", "Kira Novak", "Liam Byrne", "Mina Park", "Noah Fischer", "Olga Petrova",
    "Priya Nair", "Quentin Moreau", "Rosa Conti", "Samir Aziz", "Tara Singh", "Umar Khan", "Vera Lind", "Wei Chen",
]  # fmt: skip
PARENT_NAMES = [
    "Nadir", "Leyla", "Karim", "Sofia", "Paul", "Marta", "Anders", "Ngozi", "Petra", "Rui", "Yuki", "Milan", "Orla",
    "Jin", "Lena", "Igor", "Anil", "Claire", "Marco", "Huda", "Raj", "Zara", "Nils", "Mei", "Helena", "Tomas", "Amara",
    "Erik", "Joana", "Stefan",
]  # fmt: skip
CREDITS = {
    Role.administrator: 2_000,
    Role.head: 2_000,
    Role.teacher: 1_500,
    Role.aide: 500,
    Role.student: 100,
    Role.parent: 50,
}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    role: str
    name: str
    email: str
    password: str
    api_key: str


@dataclass(frozen=True, slots=True)
class School:
    """The demo school while it is made: Faraday, and everybody by name with the rights of their role."""

    faraday: Actor
    accounts: list[DemoAccount] = field(default_factory=list)
    people: dict[str, Actor] = field(default_factory=dict)

    def person(self, name: str) -> Actor:
        return self.people[name]

    def named(self, names: Iterable[str]) -> list[UUID]:
        """Their ids."""
        return [self.people[name].user for name in names]


async def make_school(session: AsyncSession) -> School:
    """The organisation, its departments and everybody in it."""
    organization = await create_organization(session, Actor.system(), SCHOOL)
    school = School(Actor.system(organization.id))
    faraday = school.faraday
    await enter_scope(session, faraday)
    departments = {name: (await add_department(session, faraday, name)).id for name in ("Science", "Humanities")}
    await credits.open_pool(session, faraday, 100_000 * CREDIT, "Credits of the first year")
    for role, name, department in [*STAFF, *_families()]:
        account = await _person(session, faraday, role, name, departments.get(department))
        school.accounts.append(account)
        school.people[name] = await _actor(session, account, organization.id)
    for account in school.accounts:
        user_id, amount = school.people[account.name].user, CREDITS[Role(account.role)] * CREDIT
        await credits.grant(
            session, school.person(STAFF[0][1]), user_id, amount, "Welcome to Faraday", f"welcome {user_id}"
        )
    return school


def families() -> list[tuple[str, str]]:
    """Each parent with their child. The first two students are siblings; six children have two parents of their own."""
    children = [*STUDENTS, *STUDENTS[2:8]]
    return [(f"{first} {child.split()[-1]}", child) for first, child in zip(PARENT_NAMES, children, strict=True)]


def _families() -> list[tuple[Role, str, str]]:
    """Twenty-four students and thirty parents."""
    students = [(Role.student, name, "") for name in STUDENTS]
    return students + [(Role.parent, parent, "") for parent, _ in families()]


async def _person(
    session: AsyncSession, faraday: Actor, role: Role, name: str, department_id: UUID | None
) -> DemoAccount:
    password = _password()
    email = f"{'.'.join(name.lower().split())}@{DOMAIN}"
    user = await accounts.create_user(session, faraday, name, email, password)
    await people.add_member(session, faraday, user.id, role, department_id)
    if role is Role.administrator:
        await accounts.appoint_platform_admin(session, faraday, user)
    actor = await member(session, user.id, faraday.organization)
    assert actor
    key = ""
    if Role(role) not in (Role.student, Role.parent):
        maker = replace(actor, confirmed_at=now())  # a key for everything is made by somebody who is there
        _, key = await api_keys.create_api_key(session, maker, "Demo key", sorted(ROLE_PERMISSIONS[role]))
    return DemoAccount(str(role), name, email, password, key)


async def _actor(session: AsyncSession, account: DemoAccount, organization_id: UUID) -> Actor:
    user = await accounts.find_user(session, account.email)
    actor = user and await member(session, user.id, organization_id)
    assert actor
    return actor


def _password() -> str:
    """Easy to type, hard to guess: about 60 bits."""
    letters = sorted({*string.ascii_lowercase, *string.digits} - {*"l1o0"})
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))
