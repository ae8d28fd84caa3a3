"""From the tables to what the resolver decides about: the roles of an organisation and its people."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.authorization import Conditions, Effect, Holding, RoleRules, Rule, Subject, asks_for_relations
from faraday_app.core.permissions import BUILT_IN, Role
from faraday_app.organizations.models import CustomRole, Membership, Organization, RoleAssignment, RoleRule

Related = Mapping[UUID, tuple[frozenset[UUID], frozenset[UUID]]]

# Whoever keeps classes tells of people by their ids: their classes, and their children. Asked only where a rule of
# theirs goes by it.
RELATIONS: list[Callable[[AsyncSession, Collection[UUID]], Awaitable[Related]]] = []


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """A custom role as it is or shall be."""

    name: str
    description: str = ""
    parent: str = ""  # the name of a built-in role, the id of another, or nothing
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Roles:
    """The custom roles of an organisation by their ids."""

    drafts: Mapping[UUID, RoleDraft] = field(default_factory=dict)

    def resolve(self, key: str, below: frozenset[str] = frozenset()) -> RoleRules | None:
        """The role of this key with all it inherits; a circle ends where it began."""
        if key in set(Role):
            return BUILT_IN[Role(key)]
        draft = self.drafts.get(UUID(key)) if key and key not in below else None
        if draft is None:
            return None
        return RoleRules(key, draft.name, draft.rules, self.resolve(draft.parent, below | {key}))

    def with_role(self, role_id: UUID, draft: RoleDraft) -> "Roles":
        return Roles({**self.drafts, role_id: draft})

    def heirs(self, role_id: UUID) -> set[UUID]:
        """The role and all that inherit from it, however far."""
        found, before = {role_id}, 0
        while len(found) > before:
            before = len(found)
            found |= {id for id, draft in self.drafts.items() if draft.parent in {str(each) for each in found}}
        return found


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the organisation as the tables know them."""

    subject: Subject
    role: Role
    active: bool
    given: tuple[tuple[UUID, datetime | None], ...]

    def under(self, roles: Roles) -> Subject:
        """What they would be if the roles were these."""
        base = Holding(BUILT_IN[self.role])
        custom = [(roles.resolve(str(id)), until) for id, until in self.given]
        return replace(self.subject, holdings=(base, *(Holding(role, until) for role, until in custom if role)))


async def roles_of(session: AsyncSession, organization_id: UUID) -> Roles:
    """Read afresh, whatever this transaction has loaded before."""
    query = select(
        col(CustomRole.id),
        col(CustomRole.name),
        col(CustomRole.description),
        col(CustomRole.parent_role),
        col(CustomRole.parent_id),
    ).where(col(CustomRole.organization_id) == organization_id, col(CustomRole.deleted_at).is_(None))
    rows = (await session.execute(query)).all()
    rules = await _rules(session, organization_id, col(RoleRule.role_id).in_([row[0] for row in rows])) if rows else {}
    return Roles(
        {
            id: RoleDraft(name, description, parent_role or str(parent_id or ""), tuple(rules.get(id, ())))
            for id, name, description, parent_role, parent_id in rows
        }
    )


async def members(
    session: AsyncSession, organization_id: UUID, user_ids: Collection[UUID] | None = None, roles: Roles | None = None
) -> dict[UUID, Member]:
    """Members of the organisation, all or these, with what decides their rights."""
    query = (
        select(
            col(User.id),
            col(User.name),
            col(User.platform_admin),
            col(Membership.role),
            col(Membership.department_id),
            col(Membership.deactivated_at),
            col(Organization.time_zone),
        )
        .join(Membership, col(Membership.user_id) == col(User.id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Membership.organization_id) == organization_id)
    )
    if user_ids is not None:
        query = query.where(col(User.id).in_(user_ids))
    rows = (await session.execute(query)).all()
    given = await _given(session, organization_id, user_ids)
    own = await _rules(session, organization_id, _whose(user_ids))
    if roles is None:
        roles = await roles_of(session, organization_id) if given else Roles()
    found = {}
    for id, name, platform_admin, role, department_id, gone, zone in rows:
        rules = tuple(own.get(id, ()))
        subject = Subject(id, organization_id, name, (), rules, department_id, zone=zone, platform_admin=platform_admin)
        member = Member(subject, Role(role), gone is None, tuple(given.get(id, ())))
        found[id] = replace(member, subject=member.under(roles))
    return await _related(session, found)


async def _related(session: AsyncSession, found: dict[UUID, Member]) -> dict[UUID, Member]:
    asking = [id for id, member in found.items() if asks_for_relations(member.subject)]
    for tell in RELATIONS if asking else []:
        for id, (class_ids, child_ids) in (await tell(session, asking)).items():
            subject = replace(found[id].subject, class_ids=class_ids, child_ids=child_ids)
            found[id] = replace(found[id], subject=subject)
    return found


def _whose(user_ids: Collection[UUID] | None) -> ColumnElement[bool]:
    return col(RoleRule.user_id).is_not(None) if user_ids is None else col(RoleRule.user_id).in_(user_ids)


async def _given(
    session: AsyncSession, organization_id: UUID, user_ids: Collection[UUID] | None
) -> dict[UUID, list[tuple[UUID, datetime | None]]]:
    query = select(col(RoleAssignment.user_id), col(RoleAssignment.role_id), col(RoleAssignment.expires_at)).where(
        col(RoleAssignment.organization_id) == organization_id, col(RoleAssignment.ended_at).is_(None)
    )
    if user_ids is not None:
        query = query.where(col(RoleAssignment.user_id).in_(user_ids))
    found: dict[UUID, list[tuple[UUID, datetime | None]]] = defaultdict(list)
    for user_id, role_id, expires_at in await session.execute(query.order_by(col(RoleAssignment.id))):
        found[user_id].append((role_id, expires_at))
    return found


async def _rules(session: AsyncSession, organization_id: UUID, which: ColumnElement[bool]) -> dict[UUID, list[Rule]]:
    query = select(
        col(RoleRule.role_id),
        col(RoleRule.user_id),
        col(RoleRule.effect),
        col(RoleRule.permission),
        col(RoleRule.conditions),
        col(RoleRule.expires_at),
    ).where(col(RoleRule.organization_id) == organization_id, which)
    found: dict[UUID, list[Rule]] = defaultdict(list)
    for role_id, user_id, effect, permission, conditions, expires_at in await session.execute(
        query.order_by(col(RoleRule.permission))
    ):
        rule = Rule(Effect(effect), permission, Conditions.model_validate(conditions), expires_at)
        found[role_id or user_id].append(rule)
    return found
