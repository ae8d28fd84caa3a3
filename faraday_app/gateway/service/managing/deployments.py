"""Where a model can be asked for. Every change is one of its model, and carries the model's version."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import Invalid, LimitReached, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import DeploymentRow, ModelRow, PriceRow, ProviderRow
from faraday_app.gateway.service.managing import reach
from faraday_app.gateway.views import MOST_MODELS
from faraday_app.security.service import record

MOST = 20  # of a model
_TAKEN = "The model is asked for there by this name already."


@dataclass(frozen=True, slots=True)
class Place:
    """Those of a lower ``rank`` are asked first; within it, where the policy weighs, those of more ``weight`` more
    often."""

    provider_id: UUID
    upstream: str
    rank: int = 1
    weight: int = 1
    enabled: bool = True


async def add_deployment(
    session: AsyncSession, actor: Actor, model_id: UUID, version: int, place: Place
) -> DeploymentRow:
    """Asked from now on. Until it has a price it costs nothing."""
    actor.must(Permission.models_manage)
    model = await _model(session, actor, model_id, version)
    columns, provider = await _checked(session, actor, place)
    count = await session.scalar(select(func.count()).where(col(DeploymentRow.model_id) == model.id))
    if (count or 0) >= MOST:
        raise LimitReached(f"A model can be asked for in {MOST} places. Remove one first.")
    row = DeploymentRow(organization_id=actor.organization, model_id=model.id, **columns)
    session.add(row)
    await reach.flush(session, _TAKEN)
    told = {**columns, "provider": provider.name}
    del told["provider_id"]
    record(session, actor, "model.deployment_added", model, name=model.name, **told)
    model.version += 1
    reach.announce(session, actor)
    return row


async def change_deployment(
    session: AsyncSession, actor: Actor, deployment_id: UUID, version: int, place: Place
) -> DeploymentRow:
    """Conflict when somebody else changed the model since this version."""
    actor.must(Permission.models_manage)
    row = await get_deployment(session, actor, deployment_id)
    model = await _model(session, actor, row.model_id, version)
    columns, provider = await _checked(session, actor, place)
    before = {name: getattr(row, name) for name in columns}
    for name, value in columns.items():
        setattr(row, name, value)
    await reach.flush(session, _TAKEN)
    changed = {name for name in columns if before[name] != columns[name]}
    record(
        session,
        actor,
        "model.deployment_changed",
        model,
        name=model.name,
        provider=provider.name,
        before={name: str(before[name]) for name in changed},
        after={name: str(columns[name]) for name in changed},
    )
    model.version += 1
    reach.announce(session, actor)
    return row


async def remove_deployment(session: AsyncSession, actor: Actor, deployment_id: UUID, version: int) -> None:
    actor.must(Permission.models_manage)
    row = await get_deployment(session, actor, deployment_id)
    model = await _model(session, actor, row.model_id, version)
    await session.execute(delete(PriceRow).where(col(PriceRow.deployment_id) == row.id))
    record(session, actor, "model.deployment_removed", model, name=model.name, upstream=row.upstream)
    await session.delete(row)
    model.version += 1
    await session.flush()
    reach.announce(session, actor)


async def get_deployment(session: AsyncSession, actor: Actor, deployment_id: UUID) -> DeploymentRow:
    actor.must(Permission.models_manage)
    return await reach.of_ours(session, actor, DeploymentRow, deployment_id, "deployment")


async def names_at(session: AsyncSession, actor: Actor, provider_id: UUID) -> list[str]:
    """By which a provider is asked for models already."""
    actor.must(Permission.models_manage)
    query = select(col(DeploymentRow.upstream)).where(
        col(DeploymentRow.organization_id) == actor.organization, col(DeploymentRow.provider_id) == provider_id
    )
    return list((await session.scalars(query.limit(MOST_MODELS * MOST))).all())


async def _model(session: AsyncSession, actor: Actor, model_id: UUID, version: int) -> ModelRow:
    model = await reach.of_ours(session, actor, ModelRow, model_id, "model", lock=True)
    reach.must_be_at(version, model, "model")
    return model


async def _checked(session: AsyncSession, actor: Actor, place: Place) -> tuple[dict[str, Any], ProviderRow]:
    try:
        provider = await reach.of_ours(session, actor, ProviderRow, place.provider_id, "provider")
    except NotFound:
        raise Invalid("Choose a provider.", field="provider") from None
    columns = {
        "provider_id": provider.id,
        "upstream": reach.one_line(
            place.upstream, 120, "upstream", "Enter the name by which the provider knows the model."
        ),
        "rank": reach.within(place.rank, 1, 100, "rank"),
        "weight": reach.within(place.weight, 1, 100, "weight"),
        "enabled": place.enabled,
    }
    return columns, provider
