"""How the organisation's calls find their model."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import RoutingPolicyRow
from faraday_app.gateway.service.catalogue import DEFAULT, policy_of
from faraday_app.gateway.service.managing import models, reach
from faraday_app.gateway.views import Policy, Privacy, Schedule, Strategy, Task
from faraday_app.security.service import record

MOST_RETRIES = 5


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """``tasks``: which models are asked first for a kind of task, where nobody chose one."""

    strategy: Strategy = Strategy.order
    retries: int = 1
    region: str = ""
    privacy: Privacy = Privacy.contract
    tasks: dict[Task, tuple[str, ...]] = field(default_factory=dict)
    offers_default: bool = True


async def get_policy(session: AsyncSession, actor: Actor) -> tuple[Policy, int]:
    """The policy and its version; version 0 while nobody has set one."""
    actor.must(Permission.models_manage)
    row = await _row(session, actor)
    return (policy_of(row), row.version) if row else (DEFAULT, 0)


async def set_policy(session: AsyncSession, actor: Actor, version: int, terms: PolicyTerms) -> int:
    """Holds for every call that begins from now on. Conflict when somebody else set it since this version."""
    actor.must(Permission.models_manage)
    columns = await _checked(session, actor, terms)
    row = await _row(session, actor, lock=True) or _new(actor)
    reach.must_be_at(version, row, "policy")
    return await _change(session, actor, row, "routing_policy.changed", columns)


async def set_learning(session: AsyncSession, actor: Actor, on: bool) -> None:
    """Have Auto learn from people's judgement whom it asks first, or go by the order again."""
    await _switch(session, actor, "routing_policy.learning_switched", "learning", on)


async def set_drills(session: AsyncSession, actor: Actor, schedule: Schedule) -> None:
    """How often the ways out are tried by themselves."""
    await _switch(session, actor, "routing_policy.drills_scheduled", "drills", schedule.value)


async def _switch(session: AsyncSession, actor: Actor, action: str, name: str, value: Any) -> None:
    """The rest of the policy, and whoever is just changing it, is left alone."""
    actor.must(Permission.models_manage)
    row = await _row(session, actor, lock=True) or _new(actor)
    if getattr(row, name) != value:
        version = row.version
        await _change(session, actor, row, action, {name: value})
        row.version = version


def _new(actor: Actor) -> RoutingPolicyRow:
    learning, drills = DEFAULT.learning, DEFAULT.drills.value
    columns = {**_columns_of(DEFAULT), "learning": learning, "drills": drills}
    return RoutingPolicyRow(organization_id=actor.organization, version=0, **columns)


async def _change(
    session: AsyncSession, actor: Actor, row: RoutingPolicyRow, action: str, columns: dict[str, Any]
) -> int:
    before = {name: getattr(row, name) for name in columns}
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    session.add(row)
    await reach.flush(session, "Somebody else set a policy meanwhile. Look again and repeat your change.")
    changed = {name for name in columns if before[name] != columns[name]}
    record(
        session,
        actor,
        action,
        row,
        before={name: before[name] for name in changed},
        after={name: columns[name] for name in changed},
    )
    reach.announce(session, actor)
    return row.version


async def _row(session: AsyncSession, actor: Actor, *, lock: bool = False) -> RoutingPolicyRow | None:
    query = select(RoutingPolicyRow).where(col(RoutingPolicyRow.organization_id) == actor.organization)
    return await session.scalar(query.with_for_update() if lock else query)


async def _checked(session: AsyncSession, actor: Actor, terms: PolicyTerms) -> dict[str, Any]:
    region = terms.region.strip().lower()
    if len(region) > 20:
        raise Invalid("Enter a region of up to 20 characters, such as “eu”.", field="region")
    tasks = {task: tuple(dict.fromkeys(named)) for task, named in terms.tasks.items() if named}
    for task, named in tasks.items():
        if len(named) > models.MOST_NAMED:
            raise Invalid(f"Name up to {models.MOST_NAMED} models.", field=task)
        await models.must_exist(session, actor, named, task)
    return _columns_of(
        Policy(
            terms.strategy,
            reach.within(terms.retries, 0, MOST_RETRIES, "retries"),
            region=region,
            privacy=terms.privacy,
            tasks=dict(tasks),  # type: ignore[arg-type]
            offers_default=terms.offers_default,
        )
    )


def _columns_of(policy: Policy) -> dict[str, Any]:
    """What the form sets; learning and drills have switches of their own."""
    return {
        "strategy": policy.strategy.value,
        "retries": policy.retries,
        "region": policy.region,
        "privacy": policy.privacy.value,
        "tasks": {str(task): list(named) for task, named in policy.tasks.items()},
        "offers_default": policy.offers_default,
    }
