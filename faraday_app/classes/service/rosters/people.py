"""Who the people of a roster are here: members who were here before, or new ones, and in which role."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.classes.oneroster import Enrollment, File, Held, Person, Record, Status
from faraday_app.classes.oneroster import Role as RoleRow
from faraday_app.classes.service.rosters.words import IN_CLASS, ROLES, role_of
from faraday_app.core.database import as_faraday
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Role
from faraday_app.organizations.models import Membership

AT_ONCE = 5_000
Records = Mapping[File, Mapping[str, Record]]


@dataclass(frozen=True, slots=True)
class Account:
    """A member as they are here."""

    user_id: UUID
    name: str
    email: str
    role: Role
    active: bool


@dataclass(frozen=True, slots=True)
class Accounts:
    """All members, and which addresses belong to somebody who is none."""

    by_email: Mapping[str, Account] = field(default_factory=dict)
    by_id: Mapping[UUID, Account] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What becomes of a row for somebody who has none here yet. ``refused`` says why nothing can."""

    role: Role | None = None
    joins: Account | None = None
    email: str = ""
    note: str = ""
    refused: str = ""


async def accounts_of(session: AsyncSession, organization_id: UUID, wanted: Iterable[Record]) -> Accounts:
    """The members, and of the addresses in these rows those that are somebody's who is no member."""
    query = (
        select(col(User.id), col(User.name), col(User.email), col(Membership.role), col(Membership.deactivated_at))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.organization_id) == organization_id)
    )
    found = [
        Account(id, name, email, Role(role), gone is None)
        for id, name, email, role, gone in await session.execute(query)
    ]
    by_email = {each.email: each for each in found}
    addresses = {each.email.strip().lower() for each in wanted if isinstance(each, Person)} - {"", *by_email}
    return Accounts(by_email, {each.user_id: each for each in found}, await _elsewhere(session, sorted(addresses)))


async def _elsewhere(session: AsyncSession, addresses: list[str]) -> frozenset[str]:
    found: set[str] = set()
    async with as_faraday(session):
        for begin in range(0, len(addresses), AT_ONCE):
            some = addresses[begin : begin + AT_ONCE]
            found.update(await session.scalars(select(col(User.email)).where(col(User.email).in_(some))))
    return frozenset(found)


def roles_in(records: Records) -> Mapping[str, Role]:
    """The role of each person, by the id of their row: as roles.csv or their row says it, else by what they do."""
    held: dict[str, list[Held]] = defaultdict(list)
    for row in records[File.roles].values():
        if isinstance(row, RoleRow) and row.status is Status.active:
            held[row.user_id].append(Held(row.role, row.org_id, row.role_type == "primary"))
    doing = _doing(records)
    found = {}
    for sourced_id, person in records[File.users].items():
        assert isinstance(person, Person)
        said = held.get(sourced_id) or ([Held(person.role, "")] if person.role else [])
        role = role_of(said) if said else doing.get(sourced_id)
        if role:
            found[sourced_id] = role
    return found


def _doing(records: Records) -> Mapping[str, Role]:
    """For those of whom no role is said: who learns, who teaches, and whose agents people are."""
    found: dict[str, Role] = {}
    for person in records[File.users].values():
        assert isinstance(person, Person)
        found.update((agent, Role.parent) for agent in person.agent_ids)
    for row in records[File.enrollments].values():
        assert isinstance(row, Enrollment)
        if row.status is Status.active and row.role in IN_CLASS:
            found[row.user_id] = ROLES[row.role]
    return found


def newcomers(
    rows: Iterable[Person],
    roles: Mapping[str, Role],
    here: Accounts,
    spoken_for: frozenset[UUID],
    own: Mapping[str, UUID],
) -> Mapping[str, Newcomer]:
    """What becomes of people whose row is new. ``spoken_for`` are members whom another row of this source is about,
    ``own`` who they are where they were exported from here."""
    taken, found = set(spoken_for), {}
    addresses: dict[str, int] = {}
    for person in rows:
        role = roles.get(person.sourced_id)
        email, note = _address(person)
        same = here.by_id.get(own[person.sourced_id]) if person.sourced_id in own else None
        if role is None:
            said = f"“{person.role}” is not known here" if person.role else "It says no role that is known here"
            found[person.sourced_id] = Newcomer(refused=f"{said}: say what this person is.")
        elif email in here.elsewhere:
            why = "No account can be made with this e-mail address. Invite the person, and send the file again later."
            found[person.sourced_id] = Newcomer(refused=why)
        elif (account := same or here.by_email.get(email)) and account.user_id not in taken:
            taken.add(account.user_id)
            found[person.sourced_id] = Newcomer(role, account, email, _joining(account, role))
        elif account or email in addresses:
            whose = account.name if account else f"row {addresses[email]}"
            note = f"The e-mail address is also that of {whose}: the account is made without one."
            found[person.sourced_id] = Newcomer(role, note=note)
        else:
            if email:
                addresses[email] = person.row
            found[person.sourced_id] = Newcomer(role, email=email, note=note)
    return found


def _address(person: Person) -> tuple[str, str]:
    if not person.email:
        return "", "There is no e-mail address: nobody can sign in to this account yet."
    try:
        return accounts.clean_email(person.email), ""
    except Invalid:
        return "", f"“{person.email[:60]}” is not an e-mail address: the account is made without one."


def _joining(account: Account, role: Role) -> str:
    said = [f"Joins an existing person: {account.name}."]
    if account.role is not role:
        said.append(f"They stay what they are here: {account.role.label.lower()}.")
    if not account.active:
        said.append("Their account is deactivated, and stays so.")
    return " ".join(said)


def guardians_in(records: Records, roles: Mapping[str, Role]) -> Iterator[tuple[str, str, str]]:
    """Guardian, child and relationship, by the ids of their rows. Either of the two may name the other."""
    people = records[File.users]
    for sourced_id, person in people.items():
        assert isinstance(person, Person)
        if person.status is not Status.active:
            continue
        for agent in person.agent_ids:
            other = people.get(agent)
            if other is None or other.status is not Status.active:
                continue
            pair = (sourced_id, agent) if roles.get(agent) is Role.student else (agent, sourced_id)
            if roles.get(pair[1]) is Role.student and roles.get(pair[0]) is not Role.student:
                yield (*pair, _relationship(records, pair[0]))


def _relationship(records: Records, guardian: str) -> str:
    person = records[File.users][guardian]
    assert isinstance(person, Person)
    return person.role if person.role in ("parent", "guardian", "relative") else ""
