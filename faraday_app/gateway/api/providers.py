"""Providers and their keys. Secrets go in and never come out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.api.schemas import (
    FoundModelOut,
    KeyIn,
    KeyOut,
    ProviderChange,
    ProviderIn,
    ProviderOut,
    TestedOut,
)
from faraday_app.gateway.service.managing import keys, providers, testing
from faraday_app.gateway.service.managing.providers import Managed, ProviderTerms

router = APIRouter(prefix="/model-providers", tags=["model providers"])
Keeper = Annotated[Actor, Depends(signed_in(Permission.models_manage))]
CONFIRMED = "Only from a signed-in browser that has just shown who is there: API keys are answered 403."


@router.get("", summary="List providers")
async def list_providers(actor: Keeper) -> list[ProviderOut]:
    """There are at most 50."""
    async with transaction(actor) as session:
        return [_out(each) for each in await providers.list_providers(session, actor)]


@router.post("", status_code=201, summary="Add a provider", responses=problems(409, 422))
async def add_provider(actor: Keeper, wanted: ProviderIn) -> ProviderOut:
    """An endpoint that speaks OpenAI's protocol. Only public addresses are called, by https."""
    async with transaction(actor) as session:
        row = await providers.add_provider(session, actor, _terms(wanted))
        return await _provider(session, actor, row.id)


@router.get("/{provider_id}", summary="Get a provider", responses=problems(404, 422))
async def get_provider(actor: Keeper, provider_id: UUID) -> ProviderOut:
    async with transaction(actor) as session:
        return await _provider(session, actor, provider_id)


@router.put(
    "/{provider_id}",
    summary="Change a provider",
    description=f"Another address: {CONFIRMED}",
    responses=problems(404, 409, 422),
)
async def change_provider(actor: Keeper, provider_id: UUID, wanted: ProviderChange) -> ProviderOut:
    async with transaction(actor) as session:
        await providers.change_provider(session, actor, provider_id, wanted.version, _terms(wanted))
        if wanted.enabled is not None:
            await providers.set_enabled(session, actor, provider_id, wanted.enabled)
        return await _provider(session, actor, provider_id)


@router.delete("/{provider_id}", status_code=204, summary="Remove a provider", responses=problems(404, 422))
async def remove_provider(actor: Keeper, provider_id: UUID) -> None:
    """With its keys, and with the deployments there."""
    async with transaction(actor) as session:
        await providers.remove_provider(session, actor, provider_id)


@router.post(
    "/{provider_id}/keys",
    status_code=201,
    summary="Add a key",
    description=CONFIRMED,
    responses=problems(404, 409, 422),
)
async def add_key(actor: Keeper, provider_id: UUID, wanted: KeyIn) -> KeyOut:
    async with transaction(actor) as session:
        return KeyOut.model_validate(await keys.add_key(session, actor, provider_id, wanted.label, wanted.secret))


@router.delete("/keys/{key_id}", status_code=204, summary="Remove a key", responses=problems(404, 422))
async def remove_key(actor: Keeper, key_id: UUID) -> None:
    async with transaction(actor) as session:
        await keys.remove_key(session, actor, key_id)


@router.post("/{provider_id}/test", summary="Does it answer?", responses=problems(404, 422))
async def test_provider(actor: Keeper, provider_id: UUID) -> TestedOut:
    """Asks for its models, with the first of its keys, for at most 10 seconds."""
    tested = await testing.ask_for_models(actor, provider_id)
    found = [FoundModelOut.model_validate(each) for each in tested.models]
    return TestedOut(took_ms=tested.took_ms, models=found)


async def _provider(session: AsyncSession, actor: Actor, provider_id: UUID) -> ProviderOut:
    return _out(await providers.get_provider(session, actor, provider_id))


def _terms(wanted: ProviderIn) -> ProviderTerms:
    return ProviderTerms(wanted.name, wanted.base_url, wanted.region, wanted.privacy)


def _out(managed: Managed) -> ProviderOut:
    row = managed.row
    return ProviderOut(
        id=row.id,
        name=row.name,
        base_url=row.base_url,
        region=row.region,
        privacy=row.privacy,
        enabled=row.enabled,
        version=row.version,
        keys=[KeyOut.model_validate(key) for key in managed.keys],
        deployments=managed.deployments,
    )
