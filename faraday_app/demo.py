"""The demo school of a first run: made through the services, with passwords of its own each time."""

import json
import os
import secrets
import string
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.accounts import service as accounts
from faraday_app.core.clock import now
from faraday_app.core.database import engine, enter_scope, transaction
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Role
from faraday_app.core.settings import settings
from faraday_app.credits import service as credits
from faraday_app.credits.views import CREDIT
from faraday_app.organizations.service import add_department, any_organization, create_organization, people
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
    "Jin", "Lena", "Igor", "Anil", "Claire", "Marco", "Huda", "Raj", "Zara", "Nils", "Mei", "Tomas", "Helena", "Erik",
    "Amara", "Stefan", "Joana",
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


async def ensure() -> list[dict[str, str]] | None:
    """Make the demo school where there is no organisation yet; None when there is one."""
    try:
        if await any_organization():
            return None
        made = [asdict(account) for account in await _make()]
    finally:
        await engine().dispose()
    _keep(made)
    return made


def _keep(accounts: list[dict[str, str]]) -> None:
    """Readable by the owner alone."""
    path = settings().data / "demo-accounts.json"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(accounts, file, indent=1)


async def _make() -> list[DemoAccount]:
    async with transaction(Actor.system()) as session:
        await session.execute(text("select pg_advisory_xact_lock(hashtext('faraday set-up'))"))
        organization = await create_organization(session, Actor.system(), SCHOOL)
        faraday = Actor.system(organization.id)
        await enter_scope(session, faraday)
        departments = {name: (await add_department(session, faraday, name)).id for name in ("Science", "Humanities")}
        await credits.open_pool(session, faraday, 100_000 * CREDIT, "Credits of the first year")
        made = [
            await _person(session, faraday, role, name, departments.get(department))
            for role, name, department in [*STAFF, *_families()]
        ]
        administrator = await _actor(session, made[0], organization.id)
        for account in made:
            person = await _actor(session, account, organization.id)
            amount = CREDITS[Role(account.role)] * CREDIT
            await credits.grant(
                session, administrator, person.user, amount, "Welcome to Faraday", f"welcome {person.user}"
            )
    return made


def _families() -> list[tuple[Role, str, str]]:
    """Twenty-four students and thirty parents: the first two students are siblings, six have both parents here."""
    students = [(Role.student, name, "") for name in STUDENTS]
    children = [STUDENTS[0], *STUDENTS[2:], *STUDENTS[:7]]
    parents = [
        (Role.parent, f"{first} {child.split()[-1]}", "") for first, child in zip(PARENT_NAMES, children, strict=True)
    ]
    return students + parents


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
