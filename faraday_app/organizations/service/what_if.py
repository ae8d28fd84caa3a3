"""Who would gain and who would lose what, before anything is saved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.authorization import Extent, Rule, Subject, extent
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service.subjects import Member, RoleDraft, members, roles_of

MOST = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """For one person. A permission that stays, but under conditions from now on, counts as lost, and so back."""

    user_id: UUID
    name: str
    gains: tuple[Permission, ...]
    losses: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """``shown`` holds at most ``MOST`` of all whom it would change, by name."""

    shown: tuple[Difference, ...]
    total: int
    holders: int


async def if_role_were(session: AsyncSession, actor: Actor, role_id: UUID, draft: RoleDraft) -> WhatIf:
    """The role as in the draft, for all who have it or one that inherits from it. A new one has nobody yet."""
    actor.must(Permission.roles_manage)
    before = await roles_of(session, actor.organization)
    after = before.with_role(role_id, draft)
    found = await members(session, actor.organization, roles=before)
    heirs = before.heirs(role_id)
    touched = [each for each in found.values() if each.active and any(id in heirs for id, _ in each.given)]
    return _compared([(each.subject, each.under(after)) for each in touched])


async def if_given(
    session: AsyncSession, actor: Actor, role_id: UUID, user_id: UUID, expires_at: datetime | None = None
) -> WhatIf:
    """This person with the role."""
    actor.must(Permission.roles_manage)
    roles = await roles_of(session, actor.organization)
    found = (await members(session, actor.organization, [user_id], roles)).values()
    return _compared([(each.subject, _with(each, role_id, expires_at).under(roles)) for each in found])


async def if_rules_were(session: AsyncSession, actor: Actor, user_id: UUID, rules: tuple[Rule, ...]) -> WhatIf:
    """This person with these rules of their own."""
    actor.must(Permission.roles_manage)
    found = (await members(session, actor.organization, [user_id])).values()
    return _compared([(each.subject, replace(each.subject, rules=rules)) for each in found])


def _with(member: Member, role_id: UUID, expires_at: datetime | None) -> Member:
    others = [given for given in member.given if given[0] != role_id]
    return replace(member, given=(*others, (role_id, expires_at)))


def _compared(people: Sequence[tuple[Subject, Subject]]) -> WhatIf:
    moment = now()
    found = [_difference(before, after, moment) for before, after in people]
    changed = sorted((each for each in found if each.gains or each.losses), key=lambda each: (each.name, each.user_id))
    return WhatIf(tuple(changed[:MOST]), len(changed), len(found))


def _difference(before: Subject, after: Subject, moment: datetime) -> Difference:
    reach: list[tuple[Permission, Extent, Extent]] = [
        (each, extent(before, each, moment), extent(after, each, moment)) for each in Permission
    ]
    gains = tuple(each for each, was, will in reach if will > was)
    losses = tuple(each for each, was, will in reach if will < was)
    return Difference(before.user_id, before.name, gains, losses)
