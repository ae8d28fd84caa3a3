"""The identity providers of an organisation: an administrator adds them, members sign in with them."""

import re
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import outbound, vault
from faraday_app.core.errors import Conflict, Invalid, LimitReached, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import IdentityProvider
from faraday_app.organizations.service import oidc
from faraday_app.security.service import record

MOST_PROVIDERS = 10
MOST_OFFERED = 50
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What an administrator says of a provider. ``role`` None: only who was invited. An empty secret keeps the old."""

    label: str
    issuer: str
    client_id: str
    secret: str
    domains: tuple[str, ...] = ()
    role: Role | None = None


async def offered(session: AsyncSession) -> list[tuple[UUID, str]]:
    """What the sign-in page shows to everybody: ids and labels. For Faraday itself."""
    query = select(col(IdentityProvider.id), col(IdentityProvider.label)).where(col(IdentityProvider.enabled))
    rows = await session.execute(query.order_by(col(IdentityProvider.label)).limit(MOST_OFFERED))
    return [(id, label) for id, label in rows]


async def list_providers(session: AsyncSession, actor: Actor) -> list[IdentityProvider]:
    actor.must(Permission.sign_in_manage)
    return await _of(session, actor)


async def available(session: AsyncSession, actor: Actor) -> list[IdentityProvider]:
    """With which the actor may connect their account."""
    actor.must(Permission.account_manage)
    return [provider for provider in await _of(session, actor) if provider.enabled]


async def add_provider(session: AsyncSession, actor: Actor, terms: Terms) -> IdentityProvider:
    """A provider that answers, with its secret sealed. What it says of itself is looked at before anything is kept."""
    actor.must(Permission.sign_in_manage)
    actor.must_be_confirmed()
    terms = _checked(terms)
    if not terms.secret:
        raise Invalid("Enter the client secret.", field="secret")
    if len(await _of(session, actor)) >= MOST_PROVIDERS:
        raise LimitReached(f"There can be {MOST_PROVIDERS} identity providers. Remove one first.")
    name = await _name_of(terms.issuer)
    provider = IdentityProvider(organization_id=actor.organization, sealed_secret="", **_columns(terms, name))
    provider.sealed_secret = await vault.seal(actor.organization, terms.secret, _purpose(provider))
    session.add(provider)
    await _kept(session, actor, provider, "identity_provider.added")
    return provider


async def change_provider(session: AsyncSession, actor: Actor, provider_id: UUID, version: int, terms: Terms) -> None:
    """Conflict when somebody else changed it since this version."""
    actor.must(Permission.sign_in_manage)
    actor.must_be_confirmed()
    terms = _checked(terms)
    name = await _name_of(terms.issuer)
    provider = await get_provider(session, actor, provider_id, lock=True)
    if provider.version != version:
        raise Conflict("Somebody else changed this provider meanwhile. Look again and repeat your change.")
    if not terms.secret and (provider.issuer, provider.client_id) != (name, terms.client_id):
        raise Invalid("Enter the secret of the new client.", field="secret")
    for column, value in _columns(terms, name).items():
        setattr(provider, column, value)
    if terms.secret:
        provider.sealed_secret = await vault.seal(actor.organization, terms.secret, _purpose(provider))
    await _kept(session, actor, provider, "identity_provider.changed")


async def set_enabled(session: AsyncSession, actor: Actor, provider_id: UUID, enabled: bool) -> None:
    actor.must(Permission.sign_in_manage)
    actor.must_be_confirmed()
    provider = await get_provider(session, actor, provider_id, lock=True)
    if provider.enabled is not enabled:
        provider.enabled = enabled
        await _kept(session, actor, provider, f"identity_provider.{'enabled' if enabled else 'disabled'}")


async def remove_provider(session: AsyncSession, actor: Actor, provider_id: UUID) -> None:
    """Nobody signs in with it any more. Who is who there is remembered, for when it comes back."""
    actor.must(Permission.sign_in_manage)
    actor.must_be_confirmed()
    provider = await get_provider(session, actor, provider_id, lock=True)
    record(session, actor, "identity_provider.removed", provider, name=provider.label, issuer=provider.issuer)
    await session.delete(provider)
    publish_on_commit(session, topic("providers", actor.organization))


async def get_provider(session: AsyncSession, actor: Actor, provider_id: UUID, lock: bool = False) -> IdentityProvider:
    actor.must(Permission.sign_in_manage)
    provider = await session.get(IdentityProvider, provider_id, with_for_update=lock)
    if provider is None or provider.organization_id != actor.organization:
        raise NotFound("This provider does not exist any more.")
    return provider


async def secret_of(provider: IdentityProvider) -> str:
    return await vault.unseal(provider.sealed_secret, _purpose(provider))


async def _of(session: AsyncSession, actor: Actor) -> list[IdentityProvider]:
    query = select(IdentityProvider).where(col(IdentityProvider.organization_id) == actor.organization)
    return list((await session.scalars(query.order_by(col(IdentityProvider.id)).limit(MOST_PROVIDERS))).all())


async def _kept(session: AsyncSession, actor: Actor, provider: IdentityProvider, action: str) -> None:
    provider.version += 1
    try:
        await session.flush()
    except IntegrityError:
        raise Conflict("There is a provider with this issuer and client already.") from None
    terms = {"domains": provider.domains, "role": provider.role or "must be invited"}
    record(session, actor, action, provider, name=provider.label, issuer=provider.issuer, **terms)
    publish_on_commit(session, topic("providers", actor.organization))


async def _name_of(issuer: str) -> str:
    try:
        return (await oidc.discover(issuer, anew=True)).name
    except outbound.Unreachable:
        raise Invalid("Nobody answers at this address. Check it for typing errors.", field="issuer") from None
    except Invalid as error:
        raise Invalid(error.message, field="issuer") from None


def _checked(terms: Terms) -> Terms:
    label, issuer, client_id = " ".join(terms.label.split()), terms.issuer.strip(), terms.client_id.strip()
    domains = tuple(sorted({domain.strip().lower().lstrip("@") for domain in terms.domains if domain.strip()}))
    if not label or len(label) > 60:
        raise Invalid("Enter a label of up to 60 characters, such as “School account”.", field="label")
    if not issuer or len(issuer) > 300:
        raise Invalid("Enter the address of the issuer, such as https://accounts.google.com.", field="issuer")
    if not client_id or len(client_id) > 300:
        raise Invalid("Enter the client ID.", field="client_id")
    if len(domains) > 20 or any(not _DOMAIN.fullmatch(domain) for domain in domains):
        raise Invalid("Enter up to 20 domains such as school.org, separated by commas.", field="domains")
    if terms.role is Role.administrator:
        raise Invalid("Nobody becomes an administrator by themselves: invite them.", field="role")
    if terms.role and not domains:
        raise Invalid("Say whose addresses may join by themselves, or let only invited people in.", field="domains")
    return replace(terms, label=label, issuer=issuer, client_id=client_id, secret=terms.secret.strip(), domains=domains)


def _columns(terms: Terms, issuer: str) -> dict[str, Any]:
    return {
        "label": terms.label,
        "issuer": issuer,
        "client_id": terms.client_id,
        "domains": list(terms.domains),
        "role": terms.role.value if terms.role else None,
    }


def _purpose(provider: IdentityProvider) -> str:
    return f"identity provider {provider.id}"
