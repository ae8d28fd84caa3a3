"""What holds for every change of rights: one at a time, nothing given that is not held, nobody locked out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.authorization import Effect, RoleRules, Rule, covers, extent, lasting
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotPermitted
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service.subjects import Member, members

KEPT = (Permission.roles_manage, Permission.people_manage)
GUARDED = (Permission.security_read, Permission.security_manage)


async def lock_rights(session: AsyncSession, actor: Actor) -> None:
    """One change of rights at a time in an organisation: two administrators cannot lock each other out."""
    await session.execute(
        text("select pg_advisory_xact_lock(hashtext('rights ' || :organization))"),
        {"organization": str(actor.organization)},
    )


async def author(session: AsyncSession, actor: Actor) -> Actor:
    """The actor with the rights that the tables give them now that nobody else changes any. Confirmed, or a key."""
    actor.must(Permission.roles_manage)
    if actor.api_key_id is None:
        actor.must_be_confirmed()
    await lock_rights(session, actor)
    if actor.is_system:
        return actor
    found = (await members(session, actor.organization, [actor.user])).get(actor.user)
    if found is None or not found.active:
        raise NotPermitted
    fresh = replace(actor, subject=found.subject).resolved()
    fresh.must(Permission.roles_manage)
    return fresh


def allowed_by(role: RoleRules | None) -> set[Permission]:
    """All that a role may give, whatever it denies again."""
    rules = [rule for each in role.line() for rule in each.rules] if role else []
    return _covered(rule for rule in rules if rule.effect is Effect.allow)


def needed_for(before: RoleRules | None, after: RoleRules | None) -> set[Permission]:
    """What an author must hold to make the one into the other: all it allows, and each denial that it loosens."""
    return allowed_by(after) | _covered(_denials(before) - _denials(after))


def refuse_beyond(actor: Actor, wanted: Iterable[Permission]) -> None:
    """Nobody gives what they do not hold themselves, for good and without conditions."""
    missing = sorted(each for each in wanted if not _holds(actor, each))
    if missing:
        raise NotPermitted(f"You can give only what you hold yourself without limits, not {', '.join(missing)}.")


async def refuse_lockout(session: AsyncSession, actor: Actor) -> None:
    """After a change, before its commit: somebody is left who manages people and roles, come what may, and somebody
    who guards the organisation."""
    await session.flush()
    found = (await members(session, actor.organization)).values()
    if not any(holds_always(each, KEPT) for each in found):
        raise Invalid("Nobody would be left who can always manage roles and people. Give that to somebody else first.")
    if not any(holds_always(each, GUARDED) for each in found):
        raise Invalid("Nobody would be left who can always look after security. Give that to somebody else first.")


def holds_always(member: Member, permissions: Iterable[Permission]) -> bool:
    """Whether an active member has all of these for good and without conditions, by whatever role or rule."""
    moment = now()
    return member.active and all(lasting(member.subject, each, moment) for each in permissions)


async def new_administrators(session: AsyncSession, actor: Actor, before: Mapping[UUID, Member]) -> list[str]:
    """Who of these people has got an administrator's power by what was just changed: the right to manage people and
    roles at all, for a time or under conditions too."""
    await session.flush()
    after = await members(session, actor.organization, list(before)) if before else {}
    return sorted(
        each.subject.name for id, each in after.items() if _administers(each) and not _administers(before[id])
    )


def _administers(member: Member) -> bool:
    moment = now()
    return member.active and all(extent(member.subject, each, moment) for each in KEPT)


async def refuse_own_lockout(session: AsyncSession, actor: Actor) -> None:
    """After a change of roles or rules: its author can take it back, and so can somebody else."""
    await refuse_lockout(session, actor)
    if actor.is_system:
        return
    after = (await members(session, actor.organization, [actor.user]))[actor.user]
    if not replace(actor, subject=after.subject).resolved().may(Permission.roles_manage):
        raise Invalid("This would lock you out of roles. Have another administrator do it.")


def _holds(actor: Actor, permission: Permission) -> bool:
    if actor.subject is None:
        return actor.may(permission)
    return actor.may(permission) and lasting(actor.subject, permission, now())


def _denials(role: RoleRules | None) -> set[Rule]:
    return {rule for each in role.line() for rule in each.rules if rule.effect is Effect.deny} if role else set()


def _covered(rules: Iterable[Rule]) -> set[Permission]:
    patterns = {rule.pattern for rule in rules}
    return {each for each in Permission if any(covers(pattern, each) for pattern in patterns)}
