"""The keys that providers know the organisation by: sealed when they arrive, never shown again."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core import vault
from faraday_app.core.errors import Invalid, LimitReached
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import ProviderKeyRow, ProviderRow
from faraday_app.gateway.service.managing import providers, reach
from faraday_app.security.service import record

MOST = 20  # of a provider
LONGEST = 500  # characters of a key
SHOWN = 4  # characters by which people tell it; a short key shows none


async def add_key(session: AsyncSession, actor: Actor, provider_id: UUID, label: str, secret: str) -> ProviderKeyRow:
    """Used from now on, in turn with the others. For who has just shown who they are."""
    actor.must(Permission.models_manage)
    provider = await reach.of_ours(session, actor, ProviderRow, provider_id, "provider", lock=True)
    actor.must_be_confirmed()
    label = reach.one_line(label, 60, "label", "Enter a label of up to 60 characters, such as “Science budget”.")
    secret = secret.strip()
    if not secret or len(secret) > LONGEST or not secret.isprintable() or not secret.isascii():
        raise Invalid(f"Enter the key as the provider shows it, up to {LONGEST} characters.", field="secret")
    held = (await providers.keys_of(session, [provider.id])).get(provider.id, ())
    if len(held) >= MOST:
        raise LimitReached(f"A provider can have {MOST} keys. Remove one first.")
    ending = secret[-SHOWN:] if len(secret) >= 4 * SHOWN else ""
    key = ProviderKeyRow(
        organization_id=actor.organization, provider_id=provider.id, label=label, sealed_secret="", ending=ending
    )
    key.sealed_secret = await vault.seal(actor.organization, secret, purpose(key.id))
    session.add(key)
    await reach.flush(session, "This provider has a key with this label already.")
    record(session, actor, "model_provider.key_added", provider, name=provider.name, label=label)
    reach.announce(session, actor)
    return key


async def set_enabled(session: AsyncSession, actor: Actor, key_id: UUID, enabled: bool) -> None:
    actor.must(Permission.models_manage)
    key, provider = await _ours(session, actor, key_id)
    if key.enabled is not enabled:
        key.enabled = enabled
        what = "enabled" if enabled else "disabled"
        record(session, actor, f"model_provider.key_{what}", provider, name=provider.name, label=key.label)
        reach.announce(session, actor)


async def remove_key(session: AsyncSession, actor: Actor, key_id: UUID) -> None:
    """Gone for good. Whoever gave it may want to withdraw it at the provider too."""
    actor.must(Permission.models_manage)
    key, provider = await _ours(session, actor, key_id)
    record(session, actor, "model_provider.key_removed", provider, name=provider.name, label=key.label)
    await session.delete(key)
    reach.announce(session, actor)


def purpose(key_id: UUID) -> str:
    return f"provider key {key_id}"


async def _ours(session: AsyncSession, actor: Actor, key_id: UUID) -> tuple[ProviderKeyRow, ProviderRow]:
    key = await reach.of_ours(session, actor, ProviderKeyRow, key_id, "key", lock=True)
    return key, await session.get_one(ProviderRow, key.provider_id)
