"""Sealing and signing happen by themselves."""

import asyncio
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.facts import listener
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.security.jobs import audit as jobs
from faraday_app.security.models import AuditBlock, AuditRoot
from faraday_app.security.service import chain, record

pytestmark = pytest.mark.usefixtures("only_our_trail")


async def happens(actor: Actor) -> None:
    async with transaction(actor) as session:
        record(session, actor, "user.created")


async def blocks_of(actor: Actor) -> int:
    async with transaction(Actor.system()) as session:
        ours = col(AuditBlock.organization_id) == actor.organization
        return int(await session.scalar(select(func.count()).select_from(AuditBlock).where(ours)) or 0)


async def test_what_happened_is_sealed_within_seconds(cast):
    tasks = [asyncio.create_task(each()) for each in (listener.run, jobs.seal_when_told)]
    try:
        async with asyncio.timeout(20):
            while not listener.connected:
                await asyncio.sleep(0.05)
            await happens(cast.administrator)
            while not await blocks_of(cast.administrator):
                await asyncio.sleep(0.1)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_no_fact_told_of_is_sealed_by_the_minute(cast):
    await happens(cast.administrator)
    await happens(cast.stranger)
    await jobs.seal.func(0)
    assert await blocks_of(cast.administrator) == await blocks_of(cast.stranger) == 1
    await jobs.seal.func(0)
    assert await blocks_of(cast.administrator) == 1


async def test_trouble_in_one_chain_is_not_the_others(cast, monkeypatch):
    await happens(cast.administrator)
    await happens(cast.stranger)
    seal = chain.seal

    async def troubled(organization_id):
        if organization_id == cast.organization_id:
            raise RuntimeError("the disk is full")
        return await seal(organization_id)

    monkeypatch.setattr(chain, "seal", troubled)
    await jobs.seal.func(0)
    assert (await blocks_of(cast.administrator), await blocks_of(cast.stranger)) == (0, 1)


@pytest.mark.parametrize(("days", "signed"), [(0, 0), (1, 1)])
async def test_days_are_signed_when_they_are_over(cast, days, signed):
    await happens(cast.administrator)
    await chain.seal(cast.organization_id)
    _age(cast.organization_id, days)
    await jobs.sign.func(0)
    async with transaction(Actor.system()) as session:
        ours = col(AuditRoot.organization_id) == cast.organization_id
        assert await session.scalar(select(func.count()).select_from(AuditRoot).where(ours)) == signed


def _age(organization_id: UUID, days: int) -> None:
    """As the owner of the tables could: the app itself cannot change a block."""
    url = settings().database_owner_url.get_secret_value().replace("+psycopg", "")
    with psycopg.connect(url, options="-c app.system=on -c session_replication_role=replica") as owner:
        owner.execute(
            "update audit_blocks set sealed_at = %s where organization_id = %s",
            [now() - timedelta(days=days), organization_id],
        )
