"""Whom models are asked of."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import outbound
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import DeploymentRow, PriceRow, ProviderKeyRow, ProviderRow
from faraday_app.gateway.service.managing import reach
from faraday_app.gateway.views import Privacy
from faraday_app.security.service import record

MOST = 50  # of an organisation
_TAKEN = "There is a provider with this name already."


@dataclass(frozen=True, slots=True)
class ProviderTerms:
    """What an administrator says of a provider."""

    name: str
    base_url: str
    region: str = ""
    privacy: Privacy = Privacy.public


@dataclass(frozen=True, slots=True)
class Managed:
    """A provider with its keys, and how many deployments are asked for there."""

    row: ProviderRow
    keys: tuple[ProviderKeyRow, ...]
    deployments: int


async def list_providers(session: AsyncSession, actor: Actor) -> list[Managed]:
    """All of them by name; there are at most ``MOST``."""
    actor.must(Permission.models_manage)
    ours = select(ProviderRow).where(col(ProviderRow.organization_id) == actor.organization)
    rows = (await session.scalars(ours.order_by(col(ProviderRow.name)).limit(MOST))).all()
    keys = await keys_of(session, [row.id for row in rows])
    counted = select(col(DeploymentRow.provider_id), func.count()).group_by(col(DeploymentRow.provider_id))
    used = dict((await session.execute(counted.where(col(DeploymentRow.organization_id) == actor.organization))).all())
    return [Managed(row, tuple(keys.get(row.id, ())), used.get(row.id, 0)) for row in rows]


async def get_provider(session: AsyncSession, actor: Actor, provider_id: UUID) -> Managed:
    actor.must(Permission.models_manage)
    row = await _ours(session, actor, provider_id)
    used = select(func.count()).where(col(DeploymentRow.provider_id) == row.id)
    keys = await keys_of(session, [row.id])
    return Managed(row, tuple(keys.get(row.id, ())), await session.scalar(used) or 0)


async def add_provider(session: AsyncSession, actor: Actor, terms: ProviderTerms) -> ProviderRow:
    """Nothing is sent there before it has a deployment, or somebody tests it."""
    actor.must(Permission.models_manage)
    columns = _checked(terms)
    await reach.must_have_room(session, actor, ProviderRow, MOST, "providers")
    row = ProviderRow(organization_id=actor.organization, **columns)
    session.add(row)
    await reach.flush(session, _TAKEN)
    record(session, actor, "model_provider.added", row, **columns)
    reach.announce(session, actor)
    return row


async def change_provider(
    session: AsyncSession, actor: Actor, provider_id: UUID, version: int, terms: ProviderTerms
) -> ProviderRow:
    """Conflict when somebody else changed it since this version. Its keys go to another address only confirmed."""
    actor.must(Permission.models_manage)
    columns = _checked(terms)
    row = await _ours(session, actor, provider_id, lock=True)
    reach.must_be_at(version, row, "provider")
    if row.base_url != columns["base_url"]:
        actor.must_be_confirmed()
    before = {name: getattr(row, name) for name in columns}
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    await reach.flush(session, _TAKEN)
    changed = {name for name in columns if before[name] != columns[name]}
    record(
        session,
        actor,
        "model_provider.changed",
        row,
        name=row.name,
        before={name: before[name] for name in changed},
        after={name: columns[name] for name in changed},
    )
    reach.announce(session, actor)
    return row


async def set_enabled(session: AsyncSession, actor: Actor, provider_id: UUID, enabled: bool) -> None:
    """A provider that is disabled is asked for nothing; all it has is kept."""
    actor.must(Permission.models_manage)
    row = await _ours(session, actor, provider_id, lock=True)
    if row.enabled is not enabled:
        row.enabled = enabled
        row.version += 1
        record(session, actor, f"model_provider.{'enabled' if enabled else 'disabled'}", row, name=row.name)
        reach.announce(session, actor)


async def remove_provider(session: AsyncSession, actor: Actor, provider_id: UUID) -> None:
    """With its keys, and with every deployment there and its prices. What it was asked stays in the receipts."""
    actor.must(Permission.models_manage)
    row = await _ours(session, actor, provider_id, lock=True)
    there = select(col(DeploymentRow.id)).where(col(DeploymentRow.provider_id) == row.id)
    went = list((await session.scalars(there)).all())
    await session.execute(delete(PriceRow).where(col(PriceRow.deployment_id).in_(went)))
    await session.execute(delete(DeploymentRow).where(col(DeploymentRow.id).in_(went)))
    await session.execute(delete(ProviderKeyRow).where(col(ProviderKeyRow.provider_id) == row.id))
    record(session, actor, "model_provider.removed", row, name=row.name, base_url=row.base_url, deployments=len(went))
    await session.delete(row)
    await session.flush()
    reach.announce(session, actor)


async def keys_of(session: AsyncSession, provider_ids: list[UUID]) -> dict[UUID, list[ProviderKeyRow]]:
    query = select(ProviderKeyRow).where(col(ProviderKeyRow.provider_id).in_(provider_ids))
    found: dict[UUID, list[ProviderKeyRow]] = {}
    for key in await session.scalars(query.order_by(col(ProviderKeyRow.id))):
        found.setdefault(key.provider_id, []).append(key)
    return found


async def _ours(session: AsyncSession, actor: Actor, provider_id: UUID, *, lock: bool = False) -> ProviderRow:
    return await reach.of_ours(session, actor, ProviderRow, provider_id, "provider", lock=lock)


def _checked(terms: ProviderTerms) -> dict[str, Any]:
    name = reach.one_line(terms.name, 60, "name", "Enter a name of up to 60 characters, such as “Azure Sweden”.")
    base_url, region = terms.base_url.strip().rstrip("/"), terms.region.strip().lower()
    if not base_url or len(base_url) > 300:
        raise Invalid("Enter its address, such as https://api.openai.com/v1.", field="base_url")
    if "?" in base_url or "#" in base_url:
        raise Invalid("The address must end before any question mark.", field="base_url")
    try:
        outbound.check_url(base_url)
    except Invalid as refused:
        raise Invalid(refused.message, field="base_url") from None
    if len(region) > 20:
        raise Invalid("Enter a region of up to 20 characters, such as “eu”.", field="region")
    return {"name": name, "base_url": base_url, "region": region, "privacy": terms.privacy.value}
