"""Roles, and people who have them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from faraday_app.core.authorization import Conditions, Effect, Rule
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import assignments, roles
from faraday_app.organizations.service.identity import member
from faraday_app.organizations.service.subjects import RoleDraft


def allow(pattern: str, until: datetime | None = None, **limits: object) -> Rule:
    return Rule(Effect.allow, pattern, Conditions(**limits), until)  # type: ignore[arg-type]


def deny(pattern: str, until: datetime | None = None, **limits: object) -> Rule:
    return Rule(Effect.deny, pattern, Conditions(**limits), until)  # type: ignore[arg-type]


def confirmed(actor: Actor) -> Actor:
    """The same person, who has just shown who they are."""
    return replace(actor, confirmed_at=now())


async def make_role(author: Actor, name: str, *rules: Rule, parent: object = "") -> UUID:
    async with transaction(author) as session:
        return await roles.create_role(session, confirmed(author), RoleDraft(name, "", str(parent), rules))


async def change_role(author: Actor, role_id: UUID, *rules: Rule, **changes: object) -> None:
    async with transaction(author) as session:
        draft, version = await roles.get_role(session, author, role_id)
        draft = replace(draft, rules=rules, **changes)  # type: ignore[arg-type]
        await roles.change_role(session, confirmed(author), role_id, version, draft)


async def give(author: Actor, role_id: UUID, person: Actor, until: datetime | None = None) -> None:
    async with transaction(author) as session:
        await assignments.give_role(session, confirmed(author), role_id, person.user, until)


async def withdraw(author: Actor, role_id: UUID, person: Actor) -> None:
    async with transaction(author) as session:
        await assignments.withdraw_role(session, confirmed(author), role_id, person.user)


async def set_rules(author: Actor, person: Actor, *rules: Rule) -> None:
    async with transaction(author) as session:
        await assignments.set_rules(session, confirmed(author), person.user, rules)


async def as_now(person: Actor) -> Actor:
    """The person with the rights of this moment, confirmed."""
    async with transaction(Actor.system(person.organization)) as session:
        found = await member(session, person.user, person.organization)
    assert found
    return confirmed(found)
