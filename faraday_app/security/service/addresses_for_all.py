"""Rules about addresses that hold for every organisation, before its own: a platform administrator keeps them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.database import as_faraday
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AddressRule
from faraday_app.security.service import addresses
from faraday_app.security.service.addresses import PAGE, Wanted


async def list_rules(
    session: AsyncSession, actor: Actor, limit: int = PAGE, before: UUID | None = None
) -> list[AddressRule]:
    """Those that last, newest first."""
    async with _keeper(session, actor) as keeper:
        return await addresses.list_rules(session, keeper, limit, before)


async def add_rule(session: AsyncSession, actor: Actor, wanted: Wanted) -> AddressRule:
    """Never one that locks out its maker. Stands in Faraday's own chain of the trail, like all that follows."""
    async with _changing(session, actor) as keeper:
        return await addresses.add_rule(session, keeper, wanted)


async def set_shadow(session: AsyncSession, actor: Actor, rule_id: UUID, shadow: bool) -> AddressRule:
    async with _changing(session, actor) as keeper:
        return await addresses.set_shadow(session, keeper, rule_id, shadow)


async def remove_rule(session: AsyncSession, actor: Actor, rule_id: UUID) -> None:
    async with _changing(session, actor) as keeper:
        await addresses.remove_rule(session, keeper, rule_id)


@asynccontextmanager
async def _keeper(session: AsyncSession, actor: Actor) -> AsyncIterator[Actor]:
    """The same person, outside every organisation: what they do there is about the rules of no organisation."""
    actor.must(Permission.organizations_manage)
    rights = frozenset({Permission.addresses_manage})
    async with as_faraday(session):
        yield replace(actor, organization_id=None, subject=None, permissions=rights, depending=frozenset())


@asynccontextmanager
async def _changing(session: AsyncSession, actor: Actor) -> AsyncIterator[Actor]:
    """A person has just shown who they are; a key was made for it."""
    async with _keeper(session, actor) as keeper:
        if actor.api_key_id is None:
            actor.must_be_confirmed()
        yield keeper
