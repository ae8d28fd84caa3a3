"""What organisations tell security: the names of people, who looks after security, and what is amiss with people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.authorization import extent
from faraday_app.core.clock import now
from faraday_app.core.permissions import ROLE_PERMISSIONS, Permission, Role
from faraday_app.organizations.models import Invitation, Membership, RoleAssignment, RoleRule
from faraday_app.organizations.service.giving import holds_always
from faraday_app.organizations.service.subjects import Member, members
from faraday_app.security.service.directory import Named
from faraday_app.security.service.score import Finding, check, people_words

UNSEEN = timedelta(days=90)
OLD_PASSWORD = timedelta(days=730)
SOON = timedelta(days=2)
MOST_GUARDIANS = 100
MOST_FOUND = 6
FEW = 3
KEEPING = (Permission.people_manage, Permission.roles_manage, Permission.security_manage)


@dataclass(frozen=True, slots=True)
class Some:
    """How many, and the names of a few."""

    count: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleFacts:
    keepers: Some
    unseen: Some
    old_passwords: Some
    expiring: Some


async def names(session: AsyncSession, organization_id: UUID, user_ids: Collection[UUID]) -> dict[UUID, str]:
    query = (
        select(col(User.id), col(User.name))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.organization_id) == organization_id, col(User.id).in_(user_ids))
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def search(session: AsyncSession, organization_id: UUID, text: str) -> list[Named]:
    """Members by name or e-mail, also those who were deactivated: what they did is still in the trail."""
    sought = text.strip()
    query = (
        select(col(User.id), col(User.name), col(Membership.role))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(Membership.organization_id) == organization_id,
            or_(col(User.name).icontains(sought, autoescape=True), col(User.email).icontains(sought, autoescape=True)),
        )
        .order_by(col(User.name), col(User.id))
    )
    rows = (await session.execute(query.limit(MOST_FOUND))).all()
    return [Named(user_id, name, Role(role).label) for user_id, name, role in rows]


async def guardians(session: AsyncSession, organization_id: UUID) -> list[Named]:
    """Active members who may see the security centre, by whatever role or rule, by name."""
    moment = now()
    found = [
        Named(each.subject.user_id, each.subject.name)
        for each in await _powerful(session, organization_id, Permission.security_read)
        if extent(each.subject, Permission.security_read, moment)
    ]
    return found[:MOST_GUARDIANS]


async def keepers(session: AsyncSession, organization_id: UUID) -> list[Named]:
    """Who can always let people in, appoint others and stop an attack, by whatever role or rule; by name."""
    found = await _powerful(session, organization_id, *KEEPING)
    return [Named(each.subject.user_id, each.subject.name) for each in found if holds_always(each, KEEPING)]


async def _powerful(session: AsyncSession, organization_id: UUID, *permissions: Permission) -> list[Member]:
    """Active members who could have these: by what they are, or because something was given to them; by name."""
    mine = [role for role, held in ROLE_PERMISSIONS.items() if held.issuperset(permissions)]
    given = select(col(RoleAssignment.user_id)).where(
        col(RoleAssignment.organization_id) == organization_id, col(RoleAssignment.ended_at).is_(None)
    )
    ruled = select(col(RoleRule.user_id)).where(
        col(RoleRule.organization_id) == organization_id, col(RoleRule.user_id).is_not(None)
    )
    ids = members_of(organization_id).where(
        or_(col(Membership.role).in_(mine), col(User.id).in_(given), col(User.id).in_(ruled))
    )
    found = await members(session, organization_id, [row[0] for row in (await session.execute(ids)).all()])
    return sorted(found.values(), key=lambda each: (each.subject.name, each.subject.user_id))


async def read_people(session: AsyncSession, organization_id: UUID) -> PeopleFacts:
    everybody = members_of(organization_id)
    seen = func.coalesce(User.last_seen_at, Membership.created_at)
    invitations = select(col(Invitation.id), col(Invitation.email)).where(
        col(Invitation.organization_id) == organization_id,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at).between(now(), now() + SOON),
    )
    return PeopleFacts(
        keepers=few([each.name for each in await keepers(session, organization_id)]),
        unseen=await some(session, everybody.where(seen < now() - UNSEEN)),
        old_passwords=await some(session, everybody.where(col(User.password_changed_at) < now() - OLD_PASSWORD)),
        expiring=await some(session, invitations),
    )


def single_administrator(facts: PeopleFacts) -> Finding | None:
    if facts.keepers.count != 1:
        return None
    return Finding(
        "single_administrator",
        12,
        "There is only one administrator",
        "If they lose access or leave, nobody can let people in, stop an attack or appoint another.",
        people_words(facts.keepers.names, 1),
        "Make somebody else administrator",
        "/people",
    )


def unused_accounts(facts: PeopleFacts) -> Finding | None:
    if not facts.unseen.count:
        return None
    return Finding(
        "unused_accounts",
        8,
        counted(facts.unseen.count, "account was", "accounts were") + " not used for 90 days",
        "Nobody notices when somebody else signs in to an account that its owner has forgotten.",
        people_words(facts.unseen.names, facts.unseen.count),
        "See people",
        "/people",
    )


def old_passwords(facts: PeopleFacts) -> Finding | None:
    if not facts.old_passwords.count:
        return None
    return Finding(
        "old_passwords",
        6,
        counted(facts.old_passwords.count, "password is", "passwords are") + " older than two years",
        "Old passwords turn up in collections of stolen ones. Ask these people to choose a new one.",
        people_words(facts.old_passwords.names, facts.old_passwords.count),
        "See people",
        "/people",
    )


def expiring_invitations(facts: PeopleFacts) -> Finding | None:
    if not facts.expiring.count:
        return None
    return Finding(
        "expiring_invitations",
        2,
        counted(facts.expiring.count, "invitation expires", "invitations expire") + " within two days",
        "Remind whoever was invited, or revoke the link: an open one lets in whoever holds it.",
        people_words(facts.expiring.names, facts.expiring.count),
        "See open invitations",
        "/people",
    )


def add_findings() -> None:
    """Called once by the roll-call."""
    check(read_people, single_administrator, unused_accounts, old_passwords, expiring_invitations)


def members_of(organization_id: UUID) -> Select[UUID, str]:
    return (
        select(col(User.id), col(User.name))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.organization_id) == organization_id, col(Membership.deactivated_at).is_(None))
    )


def few(names: list[str]) -> Some:
    return Some(len(names), tuple(sorted(names[:FEW])))


async def some(session: AsyncSession, query: Select[UUID, str]) -> Some:
    count = await session.scalar(select(func.count()).select_from(query.subquery()))
    if not count:
        return Some()
    found = (await session.execute(query.limit(FEW))).all()
    return Some(count, tuple(sorted(name for _, name in found)))


def counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
