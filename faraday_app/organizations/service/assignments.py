"""Who has which role of the organisation's own, and until when; and the rules for one person alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.authorization import RoleRules, Rule
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.models import CustomRole, RoleAssignment
from faraday_app.organizations.service.documents import moment_text, rules_document
from faraday_app.organizations.service.giving import (
    allowed_by,
    author,
    needed_for,
    new_administrators,
    refuse_beyond,
    refuse_own_lockout,
)
from faraday_app.organizations.service.people import get_person
from faraday_app.organizations.service.roles import checked_rules, get_role, write_rules
from faraday_app.organizations.service.subjects import Member, Roles, members, roles_of
from faraday_app.security.service import record

PAGE = 50


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a role."""

    user_id: UUID
    name: str
    expires_at: datetime | None


async def holders(
    session: AsyncSession, actor: Actor, role_id: UUID, limit: int = PAGE, after: tuple[str, UUID] | None = None
) -> list[Holder]:
    """Who has the role, by name, one page."""
    await get_role(session, actor, role_id)
    query = (
        select(col(User.id), col(User.name), col(RoleAssignment.expires_at))
        .join(RoleAssignment, col(RoleAssignment.user_id) == col(User.id))
        .where(
            col(RoleAssignment.organization_id) == actor.organization,
            col(RoleAssignment.role_id) == role_id,
            col(RoleAssignment.ended_at).is_(None),
        )
    )
    if after:
        query = query.where((col(User.name) > after[0]) | ((col(User.name) == after[0]) & (col(User.id) > after[1])))
    rows = await session.execute(query.order_by(col(User.name), col(User.id)).limit(limit))
    return [Holder(*row) for row in rows.all()]


async def give_role(
    session: AsyncSession, actor: Actor, role_id: UUID, user_id: UUID, expires_at: datetime | None = None
) -> None:
    """Give a member a role, for good or until a moment; giving it again changes until when."""
    if expires_at and expires_at <= now():
        raise Invalid("Choose an end in the future.", field="expires_at")
    actor = await author(session, actor)
    roles = await roles_of(session, actor.organization)
    role = _known(roles, role_id)
    person = await get_person(session, actor, user_id)
    before = await _assignment(session, actor, role_id, user_id)
    if before and before.expires_at == expires_at:
        return
    refuse_beyond(actor, allowed_by(role) | (needed_for(role, None) if before else set()))
    standing = await members(session, actor.organization, [user_id], roles)
    was = {"before": {"until": moment_text(before.expires_at)}} if before else {}
    given = await _give(session, actor, role_id, user_id, expires_at)
    await _done(
        session,
        actor,
        "role.term_changed" if before else "role.assigned",
        given,
        standing,
        name=f"{person.name}: {role.name}",
        role_id=str(role_id),
        **was,
        after={"until": moment_text(expires_at)},
    )


async def withdraw_role(session: AsyncSession, actor: Actor, role_id: UUID, user_id: UUID) -> None:
    """Take a role from somebody, at once."""
    actor = await author(session, actor)
    role = _known(await roles_of(session, actor.organization), role_id)
    given = await _assignment(session, actor, role_id, user_id)
    if given is None:
        raise NotFound("This person does not have the role any more.")
    refuse_beyond(actor, needed_for(role, None))
    person = await get_person(session, actor, user_id)
    standing = await members(session, actor.organization, [user_id])
    before = {"until": moment_text(given.expires_at)}
    given.ended_at = now()
    name = f"{person.name}: {role.name}"
    await _done(session, actor, "role.withdrawn", given, standing, name=name, role_id=str(role_id), before=before)


async def with_rules(session: AsyncSession, actor: Actor, user_id: UUID) -> Member:
    """Somebody with their roles, and with the rules for them alone."""
    actor.must(Permission.roles_read)
    found = (await members(session, actor.organization, [user_id])).get(user_id)
    if found is None:
        raise NotFound("This person is not a member here.")
    return found


async def rules_of(session: AsyncSession, actor: Actor, user_id: UUID) -> tuple[Rule, ...]:
    """The rules for this person alone."""
    return (await with_rules(session, actor, user_id)).subject.rules


async def set_rules(
    session: AsyncSession,
    actor: Actor,
    user_id: UUID,
    rules: tuple[Rule, ...],
    instead_of: tuple[Rule, ...] | None = None,
) -> None:
    """Allow or deny one person something beyond their roles: these rules, in the place of what was there.

    Conflict when there is something else by now than what they shall be ``instead_of``.
    """
    actor = await author(session, actor)
    person = await get_person(session, actor, user_id)
    standing = {user_id: await with_rules(session, actor, user_id)}
    before, rules = standing[user_id].subject.rules, checked_rules(rules)
    if instead_of is not None and set(instead_of) != set(before):
        raise Conflict("Somebody else changed these rules meanwhile. Look again and repeat your change.")
    refuse_beyond(actor, needed_for(RoleRules("", "", before), RoleRules("", "", rules)))
    await write_rules(session, actor.organization, rules, user_id=user_id)
    await _done(
        session,
        actor,
        "rules.changed",
        await session.get_one(User, user_id),
        standing,
        name=person.name,
        before=rules_document(before),
        after=rules_document(rules),
    )


async def _give(
    session: AsyncSession, actor: Actor, role_id: UUID, user_id: UUID, expires_at: datetime | None
) -> RoleAssignment:
    """One statement: there is never more than one current assignment of a role to a person."""
    current = col(RoleAssignment.ended_at).is_(None)
    statement = (
        insert(RoleAssignment)
        .values(
            id=new_id(),
            created_at=now(),
            organization_id=actor.organization,
            user_id=user_id,
            role_id=role_id,
            expires_at=expires_at,
            given_by=actor.user_id,
        )
        .on_conflict_do_update(
            index_elements=["user_id", "role_id"],
            index_where=current,
            set_={"expires_at": expires_at, "given_by": actor.user_id},
        )
        .returning(RoleAssignment)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def _done(
    session: AsyncSession,
    actor: Actor,
    action: str,
    target: RoleAssignment | User,
    standing: Mapping[UUID, Member],
    **details: object,
) -> None:
    """``standing``: the one person whom it is about, as they stood before the change."""
    ((user_id, _),) = standing.items()
    await refuse_own_lockout(session, actor)
    if made := await new_administrators(session, actor, standing):
        details["administrators"] = made
    record(session, actor, action, target, user_id=str(user_id), **details)
    publish_on_commit(session, topic("rights", user_id))
    publish_on_commit(session, topic("roles", actor.organization))


async def _assignment(session: AsyncSession, actor: Actor, role_id: UUID, user_id: UUID) -> RoleAssignment | None:
    return await session.scalar(
        select(RoleAssignment)
        .join(CustomRole, col(CustomRole.id) == col(RoleAssignment.role_id))
        .where(
            col(RoleAssignment.organization_id) == actor.organization,
            col(RoleAssignment.role_id) == role_id,
            col(RoleAssignment.user_id) == user_id,
            col(RoleAssignment.ended_at).is_(None),
        )
    )


def _known(roles: Roles, role_id: UUID) -> RoleRules:
    role = roles.resolve(str(role_id)) if role_id in roles.drafts else None
    if role is None:
        raise NotFound("This role does not exist any more.")
    return role
