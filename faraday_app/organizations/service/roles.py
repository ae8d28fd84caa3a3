"""Roles of the organisation's own making."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.authorization import PLATFORM, Rule
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import BUILT_IN, Actor, Permission, Role
from faraday_app.organizations.models import CustomRole, Membership, RoleAssignment, RoleRule
from faraday_app.organizations.service.documents import role_document
from faraday_app.organizations.service.giving import (
    allowed_by,
    author,
    needed_for,
    new_administrators,
    refuse_beyond,
    refuse_own_lockout,
)
from faraday_app.organizations.service.subjects import Member, RoleDraft, Roles, members, roles_of
from faraday_app.security.service import record

MOST = 100
PATTERNS = frozenset({"*", *Permission, *(f"{each.partition(':')[0]}:*" for each in Permission)})
PARENTS = {role.value for role in Role}


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role in the list. ``key`` is the name of a built-in one or the id of one of ours."""

    key: str
    name: str
    description: str
    built_in: bool
    people: int
    permissions: int


async def list_roles(session: AsyncSession, actor: Actor) -> list[RoleLine]:
    """The built-in roles, then those of the organisation by name; at most ``MOST`` of these exist."""
    actor.must(Permission.roles_read)
    counted = await _counted(session, _base_counts(actor))
    given = await _counted(session, _given_counts(actor))
    roles = await roles_of(session, actor.organization)
    lines = [
        RoleLine(role, role.label, "", True, counted.get(role, 0), len(allowed_by(BUILT_IN[role]))) for role in Role
    ]
    for id, draft in sorted(roles.drafts.items(), key=lambda item: item[1].name.lower()):
        count = len(allowed_by(roles.resolve(str(id))))
        lines.append(RoleLine(str(id), draft.name, draft.description, False, given.get(id, 0), count))
    return lines


async def get_role(session: AsyncSession, actor: Actor, role_id: UUID) -> tuple[RoleDraft, int]:
    """A role of the organisation as it is, and its version."""
    actor.must(Permission.roles_read)
    version = await session.scalar(
        select(col(CustomRole.version)).where(
            col(CustomRole.id) == role_id,
            col(CustomRole.organization_id) == actor.organization,
            col(CustomRole.deleted_at).is_(None),
        )
    )
    if version is None:
        raise NotFound("This role does not exist any more.")
    return (await roles_of(session, actor.organization)).drafts[role_id], version


async def create_role(session: AsyncSession, actor: Actor, draft: RoleDraft) -> UUID:
    """A new role, which nobody has yet. Only of what its author holds."""
    actor = await author(session, actor)
    roles = await roles_of(session, actor.organization)
    if len(roles.drafts) >= MOST:
        raise Invalid(f"There are {MOST} roles. Delete one that nobody needs.")
    row = CustomRole(organization_id=actor.organization, name="")
    draft = _checked(roles, row.id, draft)
    refuse_beyond(actor, needed_for(None, roles.with_role(row.id, draft).resolve(str(row.id))))
    await _write(session, row, draft)
    record(session, actor, "role.created", row, name=draft.name, after=role_document(draft))
    publish_on_commit(session, topic("roles", actor.organization))
    return row.id


async def change_role(session: AsyncSession, actor: Actor, role_id: UUID, version: int, draft: RoleDraft) -> None:
    """Make a role into this one; holds for everybody who has it from their next click. Conflict on an old version."""
    actor = await author(session, actor)
    roles = await roles_of(session, actor.organization)
    row = await _row(session, actor, role_id)
    if row.version != version:
        raise Conflict("Somebody else changed this role meanwhile. Look again and repeat your change.")
    before, draft = roles.drafts[role_id], _checked(roles, role_id, draft)
    after = roles.with_role(role_id, draft)
    refuse_beyond(actor, needed_for(roles.resolve(str(role_id)), after.resolve(str(role_id))))
    standing = await _holding(session, actor, roles, role_id)
    row.version += 1
    await _write(session, row, draft)
    await refuse_own_lockout(session, actor)
    made = await _made(session, actor, standing)
    documents = {"before": role_document(before), "after": role_document(draft)}
    record(session, actor, "role.changed", row, name=draft.name, **documents, **made)
    await _tell(session, actor, after, role_id)


async def delete_role(session: AsyncSession, actor: Actor, role_id: UUID) -> None:
    """Take a role away from everybody who has it, for good. Not while others inherit from it."""
    actor = await author(session, actor)
    roles = await roles_of(session, actor.organization)
    row = await _row(session, actor, role_id)
    if len(roles.heirs(role_id)) > 1:
        raise Invalid("Other roles inherit from this one. Change them first.")
    refuse_beyond(actor, needed_for(roles.resolve(str(role_id)), None))
    await _tell(session, actor, roles, role_id)
    standing = await _holding(session, actor, roles, role_id)
    row.deleted_at = now()
    for given in await session.scalars(_current(actor).where(col(RoleAssignment.role_id) == role_id)):
        given.ended_at = now()
    await refuse_own_lockout(session, actor)
    made = await _made(session, actor, standing)
    record(session, actor, "role.deleted", row, name=row.name, before=role_document(roles.drafts[role_id]), **made)


def _checked(roles: Roles, role_id: UUID, draft: RoleDraft) -> RoleDraft:
    """The draft, cleaned. Refuses what makes no sense, platform permissions, and circles."""
    name, description = " ".join(draft.name.split()), " ".join(draft.description.split())
    if not name or len(name) > 80:
        raise Invalid("Enter a name of up to 80 characters.", field="name")
    if name.lower() in {role.label.lower() for role in Role}:
        raise Invalid("This is the name of a built-in role. Choose another.", field="name")
    if len(description) > 400:
        raise Invalid("Describe it in up to 400 characters.", field="description")
    if draft.parent and draft.parent not in PARENTS and draft.parent not in {str(id) for id in roles.drafts}:
        raise Invalid("The role to inherit from does not exist any more.", field="parent")
    if draft.parent in {str(heir) for heir in roles.heirs(role_id)}:
        raise Invalid("A role cannot inherit from itself, nor from one that inherits from it.", field="parent")
    return replace(draft, name=name, description=description, rules=checked_rules(draft.rules))


def checked_rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Each pattern known and there once; none of the platform's, which no organisation can give."""
    patterns = [rule.pattern for rule in rules]
    if ours := sorted(PLATFORM & set(patterns) | {f"{each.partition(':')[0]}:*" for each in PLATFORM} & set(patterns)):
        raise Invalid(f"Only a platform administrator has {', '.join(ours)}: no role can give it.", field="rules")
    if unknown := sorted(set(patterns) - PATTERNS):
        raise Invalid(f"There is no permission {unknown[0][:64]}.", field="rules")
    if len(set(patterns)) < len(patterns):
        raise Invalid("Give each permission one rule.", field="rules")
    return tuple(sorted(rules, key=lambda rule: rule.pattern))


async def _write(session: AsyncSession, row: CustomRole, draft: RoleDraft) -> None:
    built_in = draft.parent in PARENTS
    row.name, row.description = draft.name, draft.description
    row.parent_role = draft.parent if built_in else None
    row.parent_id = UUID(draft.parent) if draft.parent and not built_in else None
    session.add(row)
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError:
        raise Conflict(f"There is a role named “{draft.name}” already.") from None
    await write_rules(session, row.organization_id, draft.rules, role_id=row.id)


async def write_rules(session: AsyncSession, organization_id: UUID, rules: tuple[Rule, ...], **holder: UUID) -> None:
    """These rules in the place of those that were there."""
    ((name, id),) = holder.items()
    await session.execute(
        delete(RoleRule).where(getattr(RoleRule, name) == id, col(RoleRule.organization_id) == organization_id)
    )
    for rule in rules:
        session.add(_rule_row(organization_id, rule, **holder))
    await session.flush()


def _rule_row(organization_id: UUID, rule: Rule, **holder: Any) -> RoleRule:
    return RoleRule(
        organization_id=organization_id,
        effect=rule.effect,
        permission=rule.pattern,
        conditions=rule.conditions.model_dump(mode="json", exclude_defaults=True),
        expires_at=rule.expires_at,
        **holder,
    )


async def _row(session: AsyncSession, actor: Actor, role_id: UUID) -> CustomRole:
    row = await session.scalar(
        select(CustomRole)
        .where(
            col(CustomRole.id) == role_id,
            col(CustomRole.organization_id) == actor.organization,
            col(CustomRole.deleted_at).is_(None),
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("This role does not exist any more.")
    return row


async def _tell(session: AsyncSession, actor: Actor, roles: Roles, role_id: UUID) -> None:
    """Whoever has the role, or one that inherits from it, may something else from now on."""
    query = _current(actor).where(col(RoleAssignment.role_id).in_(roles.heirs(role_id)))
    for given in await session.scalars(query):
        publish_on_commit(session, topic("rights", given.user_id))
    publish_on_commit(session, topic("roles", actor.organization))


async def _holding(session: AsyncSession, actor: Actor, roles: Roles, role_id: UUID) -> dict[UUID, Member]:
    """Who has the role, or one that inherits from it, as they stand now."""
    query = _current(actor).where(col(RoleAssignment.role_id).in_(roles.heirs(role_id)))
    people = {given.user_id for given in await session.scalars(query)}
    return await members(session, actor.organization, people, roles) if people else {}


async def _made(session: AsyncSession, actor: Actor, standing: dict[UUID, Member]) -> dict[str, list[str]]:
    made = await new_administrators(session, actor, standing)
    return {"administrators": made} if made else {}


def _current(actor: Actor) -> Any:
    return select(RoleAssignment).where(
        col(RoleAssignment.organization_id) == actor.organization, col(RoleAssignment.ended_at).is_(None)
    )


def _base_counts(actor: Actor) -> Any:
    return (
        select(col(Membership.role), func.count())
        .where(col(Membership.organization_id) == actor.organization, col(Membership.deactivated_at).is_(None))
        .group_by(col(Membership.role))
    )


async def _counted(session: AsyncSession, query: Any) -> dict[Any, int]:
    return {row[0]: row[1] for row in await session.execute(query)}


def _given_counts(actor: Actor) -> Any:
    current = _current(actor).subquery()
    lasting = (current.c.expires_at.is_(None)) | (current.c.expires_at > now())
    return select(current.c.role_id, func.count()).where(lasting).group_by(current.c.role_id)
