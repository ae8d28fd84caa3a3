"""People of a package as members: new ones, changed ones, and those who are gone."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.accounts.service.passwords import NO_PASSWORD
from faraday_app.classes.oneroster import Action, Change, File, Person, Status
from faraday_app.classes.service.rosters.people import Account, Newcomer
from faraday_app.classes.service.rosters.words import NO_ADDRESS, name_of
from faraday_app.classes.service.rosters.work import Work
from faraday_app.core import mail
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Role
from faraday_app.organizations.models import Department, Membership
from faraday_app.security.service import api_keys, record, sessions
from faraday_app.security.service.audit import Thing


async def write_people(work: Work) -> None:
    """Passwords are nobody's to give: new people choose their own, or sign in through the school."""
    await _add(work)
    await _change(work)
    await _change_roles(work)
    publish_on_commit(work.session, topic("people", work.organization_id))


async def _add(work: Work) -> None:
    users, memberships, letters = [], [], []
    for change in work.written(File.users, Action.create):
        new = work.prospect.newcomers[change.sourced_id]
        if new.joins:
            work.became(File.users, change.sourced_id, new.joins.user_id, made=False)
            work.made["people joined"] += 1
            continue
        assert isinstance(change.wanted, Person)
        user = _user(work, change.wanted, new)
        work.became(File.users, change.sourced_id, user["id"])
        users.append(user)
        memberships.append(_membership(work, change.wanted, user["id"], _given(work, new)))
        if new.email and change.wanted.enabled:
            letters.append((new.email, user["name"]))
    await work.add(User, users)
    await work.add(Membership, memberships)
    for user, membership in zip(users, memberships, strict=True):
        told = {"name": user["name"], "user_id": str(user["id"])}
        after = {"role": str(membership["role"]), "department": ""}
        thing = Thing("memberships", membership["id"])
        record(work.session, work.actor, "membership.created", thing, **told, after=after)
        if membership["deactivated_at"]:
            record(work.session, work.actor, "membership.deactivated", thing, **told)
    work.made["people"] += len(users)
    if work.confirmed.invite:
        await _invite(work, letters)


def _user(work: Work, person: Person, new: Newcomer) -> dict[str, Any]:
    id = new_id()
    blank = User(id=id, created_at=work.at, name=name_of(person), email=new.email or f"{id.hex}{NO_ADDRESS}",
                 password_hash=NO_PASSWORD, password_changed_at=work.at)  # fmt: skip
    return blank.model_dump()


def _given(work: Work, new: Newcomer) -> Role:
    """Nobody becomes an administrator by a file alone: an aide can do least of those who work here."""
    role = new.role or Role.aide
    return Role.aide if role is Role.administrator and not work.confirmed.administrators else role


def _membership(work: Work, person: Person, user_id: UUID, role: Role) -> dict[str, Any]:
    gone = None if person.enabled else work.at
    return work.row(user_id=user_id, role=role.value, department_id=None, deactivated_at=gone, version=1)


async def _invite(work: Work, letters: list[tuple[str, str]]) -> None:
    """No link that opens anything: they ask for one at the entrance, with the address that this letter came to."""
    where = work.actor.organization_name or "your school"
    for email, name in letters:
        text = mail.letter(
            name,
            f"There is an account for you at {where} on Faraday. Choose a password, and you can sign in.",
            link=f"{work.site}/forgot",
            link_says="Enter this e-mail address here",
            why=f"because {where} entered your address.",
        )
        await mail.post(work.session, email, f"Your account at {where}", text)
    work.made["letters"] += len(letters)


async def _change(work: Work) -> None:
    """Names and addresses that a person has made their own stay; so does everything about who was here before."""
    for change in work.written(File.users, Action.update, Action.deactivate):
        held = work.holds(File.users, change.sourced_id)
        account = work.prospect.here.by_id.get(held.record_id) if held and held.record_id else None
        if not held or not held.made or account is None:
            continue
        if isinstance(change.wanted, Person) and isinstance(change.known, Person):
            await _rename(work, account, change.known, change.wanted)
        active = change.action is Action.update and isinstance(change.wanted, Person) and change.wanted.enabled
        if active != account.active and _is_about_standing(change):
            await _set_standing(work, account, active)


def _is_about_standing(change: Change) -> bool:
    return change.action is Action.deactivate or any(each.field in ("status", "enabled") for each in change.fields)


async def _rename(work: Work, account: Account, known: Person, wanted: Person) -> None:
    values: dict[str, str] = {}
    if name_of(known) != name_of(wanted) and account.name == name_of(known):
        values["name"] = name_of(wanted)
    if account.email.endswith(NO_ADDRESS) and (email := await _free_address(work, wanted)):
        values["email"] = email
    if values:
        await work.session.execute(update(User).where(col(User.id) == account.user_id).values(values))
        work.made["people renamed"] += 1
        record(work.session, work.actor, "user.changed", Thing("users", account.user_id), name=account.name)


async def _free_address(work: Work, wanted: Person) -> str:
    try:
        email = accounts.clean_email(wanted.email)
    except Invalid:
        return ""
    return "" if await work.session.scalar(select(col(User.id)).where(col(User.email) == email)) else email


async def _set_standing(work: Work, account: Account, active: bool) -> None:
    """As ``organizations.service.people`` does it for one: sessions and keys end at once, what they made stays."""
    if account.user_id == work.actor.user_id or (not active and account.role is Role.administrator):
        return
    where = (col(Membership.user_id) == account.user_id, col(Membership.organization_id) == work.organization_id)
    membership = await work.session.scalar(select(Membership).where(*where).with_for_update())
    if membership is None:
        return
    membership.deactivated_at = None if active else work.at
    membership.version += 1
    if not active:
        await sessions.revoke_sessions_of(work.session, account.user_id, work.organization_id)
        await api_keys.revoke_keys_of(work.session, work.actor, account.user_id)
    word = "reactivated" if active else "deactivated"
    told = {"name": account.name, "user_id": str(account.user_id)}
    record(work.session, work.actor, f"membership.{word}", membership, **told)
    publish_on_commit(work.session, topic("rights", account.user_id))
    work.made[f"people {word}"] += 1


async def _change_roles(work: Work) -> None:
    """Where the source says another role than before, and nobody here has said another one meanwhile."""
    found = work.prospect
    for sourced_id, role in found.roles.items():
        before, held = found.roles_before.get(sourced_id), work.holds(File.users, sourced_id)
        account = found.here.by_id.get(held.record_id) if held and held.record_id else None
        if before is None or before is role or not held or not held.made or account is None:
            continue
        if found.after[File.users][sourced_id].status is not Status.active or account.role is Role.administrator:
            continue
        if account.role is before and (role is not Role.administrator or work.confirmed.administrators):
            await _set_role(work, account, role)


async def _set_role(work: Work, account: Account, role: Role) -> None:
    where = (col(Membership.user_id) == account.user_id, col(Membership.organization_id) == work.organization_id)
    membership = (await work.session.scalars(select(Membership).where(*where).with_for_update())).one()
    membership.role, membership.version = role.value, membership.version + 1
    await sessions.rotate_at_next_load(work.session, account.user_id, work.organization_id)
    told = {"name": account.name, "user_id": str(account.user_id)}
    department = await work.session.get(Department, membership.department_id) if membership.department_id else None
    within = {"department": department.name if department else ""}
    sides = {"before": {"role": account.role.value, **within}, "after": {"role": role.value, **within}}
    record(work.session, work.actor, "membership.changed", membership, **told, **sides)
    publish_on_commit(work.session, topic("rights", account.user_id))
    work.made["roles changed"] += 1
