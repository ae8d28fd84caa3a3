"""Models as the organisation offers them."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.gateway.models import DeploymentRow, ModelRow, PriceRow, RoutingPolicyRow
from faraday_app.gateway.service import catalogue
from faraday_app.gateway.service.managing import deployments, prices, reach
from faraday_app.gateway.service.routing import AUTO
from faraday_app.gateway.views import MOST_MODELS, Capability, Category
from faraday_app.security.service import record

MOST_NAMED = 10  # models in a list of others
LARGEST_WINDOW = 10_000_000  # tokens
OTHERS = ("fallbacks", "larger", "laxer")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,119}")
_TAKEN = "There is a model with this name already."


@dataclass(frozen=True, slots=True)
class ModelTerms:
    """What an administrator says of a model. The lists are names of other models, asked in this order:
    ``fallbacks`` when it fails, ``larger`` when the text does not fit, ``laxer`` when its content policy refuses."""

    name: str
    label: str = ""
    category: Category = Category.chat
    context: int = 8_192
    longest_answer: int = 1_024
    capabilities: frozenset[Capability] = frozenset()
    tier: int = 2
    roles: frozenset[Role] = frozenset()
    fallbacks: tuple[str, ...] = ()
    larger: tuple[str, ...] = ()
    laxer: tuple[str, ...] = ()


async def add_model(
    session: AsyncSession,
    actor: Actor,
    terms: ModelTerms,
    place: deployments.Place | None = None,
    price: prices.PriceTerms | None = None,
) -> ModelRow:
    """Offered from now on, at the place and the price that are given with it. Without a place nobody can ask it."""
    actor.must(Permission.models_manage)
    columns = await _checked(session, actor, terms)
    await reach.must_have_room(session, actor, ModelRow, MOST_MODELS, "models")
    row = ModelRow(organization_id=actor.organization, **columns)
    session.add(row)
    await reach.flush(session, _TAKEN)
    record(session, actor, "model.added", row, **columns)
    if place is not None:
        deployment = await deployments.add_deployment(session, actor, row.id, row.version, place)
        if price is not None:
            await prices.set_price(session, actor, deployment.id, price)
    reach.announce(session, actor)
    return row


async def change_model(
    session: AsyncSession, actor: Actor, model_id: UUID, version: int, terms: ModelTerms
) -> ModelRow:
    """Conflict when somebody else changed it since this version. A new name is taken over wherever it is named."""
    actor.must(Permission.models_manage)
    row = await reach.of_ours(session, actor, ModelRow, model_id, "model", lock=True)
    reach.must_be_at(version, row, "model")
    columns = await _checked(session, actor, terms, row.name)
    before = {name: getattr(row, name) for name in columns}
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    await reach.flush(session, _TAKEN)
    if before["name"] != row.name:
        await _name_anew(session, actor, before["name"], row.name)
    changed = {name for name in columns if before[name] != columns[name]}
    told = {"before": {name: before[name] for name in changed}, "after": {name: columns[name] for name in changed}}
    record(session, actor, "model.changed", row, name=row.name, **told)
    reach.announce(session, actor)
    return row


async def set_enabled(session: AsyncSession, actor: Actor, model_id: UUID, enabled: bool) -> None:
    """A model that is disabled is offered to nobody; all it has is kept."""
    actor.must(Permission.models_manage)
    row = await reach.of_ours(session, actor, ModelRow, model_id, "model", lock=True)
    if row.enabled is not enabled:
        row.enabled = enabled
        row.version += 1
        record(session, actor, f"model.{'enabled' if enabled else 'disabled'}", row, name=row.name)
        reach.announce(session, actor)


async def remove_model(session: AsyncSession, actor: Actor, model_id: UUID) -> None:
    """With its deployments and their prices, and out of the lists of others. What it answered stays."""
    actor.must(Permission.models_manage)
    row = await reach.of_ours(session, actor, ModelRow, model_id, "model", lock=True)
    of_it = select(col(DeploymentRow.id)).where(col(DeploymentRow.model_id) == row.id)
    await session.execute(delete(PriceRow).where(col(PriceRow.deployment_id).in_(of_it)))
    await session.execute(delete(DeploymentRow).where(col(DeploymentRow.model_id) == row.id))
    await _name_anew(session, actor, row.name, "")
    record(session, actor, "model.removed", row, name=row.name)
    await session.delete(row)
    await session.flush()
    reach.announce(session, actor)


async def names(session: AsyncSession, actor: Actor) -> list[str]:
    """Of all models of the organisation, disabled ones too; this installation's own is the first."""
    actor.must(Permission.models_manage)
    ours = select(col(ModelRow.name)).where(col(ModelRow.organization_id) == actor.organization)
    found = await session.scalars(ours.order_by(col(ModelRow.name)).limit(MOST_MODELS))
    return [catalogue.built_in().name, *found]


async def must_exist(session: AsyncSession, actor: Actor, wanted: tuple[str, ...], field: str) -> None:
    """Invalid, with the first name that no model has."""
    known = await names(session, actor)
    if unknown := [name for name in wanted if name not in known]:
        raise Invalid(f"There is no model “{unknown[0]}”.", field=field)


async def _name_anew(session: AsyncSession, actor: Actor, old: str, new: str) -> None:
    """In the lists of other models and in the policy; nothing takes it out."""
    for row in await session.scalars(select(ModelRow).where(col(ModelRow.organization_id) == actor.organization)):
        for column in OTHERS:
            named = getattr(row, column)
            if old in named:
                setattr(row, column, _instead(named, old, new))
    policy = await session.scalar(
        select(RoutingPolicyRow).where(col(RoutingPolicyRow.organization_id) == actor.organization)
    )
    if policy is not None:
        tasks = {task: _instead(named, old, new) for task, named in policy.tasks.items()}
        await session.execute(
            update(RoutingPolicyRow)
            .where(col(RoutingPolicyRow.id) == policy.id)
            .values(tasks={task: named for task, named in tasks.items() if named})
        )


def _instead(named: list[str], old: str, new: str) -> list[str]:
    return [new if name == old else name for name in named if new or name != old]


async def _checked(session: AsyncSession, actor: Actor, terms: ModelTerms, own_name: str = "") -> dict[str, Any]:
    name = terms.name.strip()
    if not _NAME.fullmatch(name):
        raise Invalid("Enter a name of letters, digits and . _ : / @ -, such as “gpt-large”.", field="name")
    if name in (AUTO, catalogue.built_in().name):
        raise Invalid("This name is taken by Faraday itself.", field="name")
    label = reach.one_line(terms.label or name, 120, "label", "Enter a label of up to 120 characters.")
    context = reach.within(terms.context, 512, LARGEST_WINDOW, "context")
    others = {column: tuple(dict.fromkeys(getattr(terms, column))) for column in OTHERS}
    for column, named in others.items():
        if len(named) > MOST_NAMED:
            raise Invalid(f"Name up to {MOST_NAMED} models.", field=column)
        if {name, own_name} & set(named):
            raise Invalid("A model cannot stand in for itself.", field=column)
        await must_exist(session, actor, named, column)
    return {
        "name": name,
        "label": label,
        "category": terms.category.value,
        "context": context,
        "longest_answer": reach.within(terms.longest_answer, 16, context // 2, "longest_answer"),
        "capabilities": sorted(terms.capabilities),
        "tier": reach.within(terms.tier, 1, 5, "tier"),
        "roles": sorted(terms.roles),
        **{column: list(named) for column, named in others.items()},
    }
