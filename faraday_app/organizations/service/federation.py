"""Signing in with an identity provider: from who somebody is there to who they are here.

A provider is believed about its own organisation alone. A person is known by (issuer, subject). Somebody new to us is
taken for a member by their address only when the provider says it is verified, it lies in the provider's domains, and
the account belongs to no other organisation: or an administrator elsewhere, who controls what their issuer says,
could enter accounts of ours. Everybody else connects their account while signed in.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core import notices
from faraday_app.core.crypto import new_token, token_hash
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotSignedIn
from faraday_app.core.notices import Notice
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import IdentityProvider, LinkedIdentity, Membership
from faraday_app.organizations.service import flows, oidc
from faraday_app.organizations.service.flows import Flow
from faraday_app.organizations.service.people import add_member
from faraday_app.organizations.service.providers import secret_of
from faraday_app.organizations.service.sign_in import Admission, begin
from faraday_app.security.service import record
from faraday_app.security.service.devices import Browser


class Unknown(NotSignedIn):
    """The provider has said who they are, and nobody here is that."""

    title = "You are not a member here yet. Ask an administrator for an invitation"


class LinkFirst(NotSignedIn):
    """There may be an account, but the provider's word is not enough to open it."""

    title = "Sign in with your password first, then connect this account on your account page"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom the provider says it has signed in."""

    subject: str
    email: str
    verified: bool
    name: str


async def start(provider_id: UUID, site: str, next: str = "/", actor: Actor | None = None) -> tuple[str, str]:
    """Where the browser goes, and the token by which it is known again. ``actor``: who wants to connect an account."""
    provider = await _enabled(provider_id, actor)
    issuer = await oidc.discover(provider.issuer)
    browser, nonce, verifier = new_token(), new_token(), new_token()
    client = await _client(provider, f"{site}/auth/oidc/callback")
    user = str(actor.user) if actor else ""
    flow = Flow(str(provider.id), client.redirect_uri, nonce, verifier, token_hash(browser), next, user)
    return oidc.authorization_url(issuer, client, await flows.begin(flow), nonce, verifier), browser


async def visitor_of(flow: Flow, code: str, iss: str) -> tuple[IdentityProvider, Visitor]:
    """Who comes back with a code. ``iss`` is the issuer that the answer names: another one's answer is refused."""
    provider = await _enabled(UUID(flow.provider_id))
    issuer = await oidc.discover(provider.issuer)
    if (iss or issuer.names_itself) and iss != issuer.name:
        raise oidc.Broken
    client = await _client(provider, flow.redirect_uri)
    claims = await oidc.claims_of(issuer, client, code, flow.nonce, flow.verifier)
    return provider, _visitor(claims)


async def enter(
    session: AsyncSession,
    provider: IdentityProvider,
    who: Visitor,
    address: str,
    agent: str,
    browser: Browser | None = None,
) -> Admission:
    """Into the provider's organisation, past a second factor where the person has one. For Faraday itself."""
    faraday = replace(Actor.system(provider.organization_id), address=address)
    await _one_at_a_time(session, provider, who)
    linked = await _linked(session, provider, who.subject)
    user = await session.get(User, linked.user_id) if linked else await _recognised(session, faraday, provider, who)
    membership = await _membership(session, provider, user) if user else None
    if user is None or membership is None:
        raise Unknown
    return await begin(session, user, membership, address, agent, method=provider.label, browser=browser)


async def connect(session: AsyncSession, actor: Actor, provider: IdentityProvider, who: Visitor) -> None:
    """The signed-in person is that visitor too, from now on. Conflict when somebody else is."""
    actor.must(Permission.account_manage)
    if provider.organization_id != actor.organization:
        raise NotFound
    await _one_at_a_time(session, provider, who)
    linked = await _linked(session, provider, who.subject)
    if linked and linked.user_id != actor.user:
        raise Conflict("This account is already connected to somebody else here.")
    if linked is None:
        await disconnect_from(session, actor.user, provider)
        await _link(session, actor, provider, who, await session.get_one(User, actor.user))


async def connections(session: AsyncSession, actor: Actor) -> list[LinkedIdentity]:
    """Who the actor is elsewhere; at most one for each issuer."""
    actor.must(Permission.account_manage)
    query = select(LinkedIdentity).where(
        col(LinkedIdentity.user_id) == actor.user, col(LinkedIdentity.organization_id) == actor.organization
    )
    return list((await session.scalars(query.order_by(col(LinkedIdentity.id)).limit(50))).all())


async def disconnect(session: AsyncSession, actor: Actor, linked_id: UUID) -> None:
    """Refused where it would leave the person without a way in."""
    actor.must(Permission.account_manage)
    linked = await session.get(LinkedIdentity, linked_id)
    if linked is None or linked.user_id != actor.user or linked.organization_id != actor.organization:
        raise NotFound("This account is not connected any more.")
    user = await session.get_one(User, actor.user, with_for_update=True)
    if user.password_hash == accounts.NO_PASSWORD and len(await connections(session, actor)) < 2:
        raise Invalid("This is your only way to sign in. Choose a password first: “Forgot your password?”.")
    await session.delete(linked)
    record(session, actor, "identity.disconnected", linked, name=user.name, issuer=linked.issuer)
    publish_on_commit(session, topic("account", actor.user))


async def disconnect_from(session: AsyncSession, user_id: UUID, provider: IdentityProvider) -> None:
    """One visitor of an issuer for each person: a new one takes the old one's place."""
    await session.execute(
        delete(LinkedIdentity).where(
            col(LinkedIdentity.organization_id) == provider.organization_id,
            col(LinkedIdentity.issuer) == provider.issuer,
            col(LinkedIdentity.user_id) == user_id,
        )
    )


async def _recognised(session: AsyncSession, faraday: Actor, provider: IdentityProvider, who: Visitor) -> User:
    """A member by their address, or a newcomer where those may join by themselves; linked from now on."""
    believed = who.verified and who.email.rpartition("@")[2] in provider.domains
    if not believed:
        raise LinkFirst
    user = await accounts.find_user(session, who.email)
    if user is None:
        user = await _newcomer(session, faraday, provider, who)
    else:
        await _refuse_if_elsewhere(session, provider, user)
    await _link(session, faraday, provider, who, user)
    return user


async def _newcomer(session: AsyncSession, faraday: Actor, provider: IdentityProvider, who: Visitor) -> User:
    if provider.role is None:
        raise Unknown
    name = who.name or who.email.partition("@")[0]
    user = await accounts.create_user(session, faraday, name[:120], who.email, None)
    await add_member(session, faraday, user.id, Role(provider.role))
    return user


async def _refuse_if_elsewhere(session: AsyncSession, provider: IdentityProvider, user: User) -> None:
    """In the same words whether they are here too or not."""
    organizations = set(
        await session.scalars(select(col(Membership.organization_id)).where(col(Membership.user_id) == user.id))
    )
    if organizations != {provider.organization_id}:
        raise LinkFirst


async def _link(session: AsyncSession, actor: Actor, provider: IdentityProvider, who: Visitor, user: User) -> None:
    linked = LinkedIdentity(
        organization_id=provider.organization_id,
        user_id=user.id,
        issuer=provider.issuer,
        subject=who.subject,
        email=who.email,
    )
    session.add(linked)
    await session.flush()
    record(session, actor, "identity.connected", linked, name=user.name, issuer=provider.issuer)
    publish_on_commit(session, topic("account", user.id))
    title = f"Your account was connected to {provider.label}"
    words = "You can sign in with it from now on. If this was not you, disconnect it and tell an administrator."
    notice = Notice(provider.organization_id, (user.id,), "identity.connected", title, words, "/account", urgent=True)
    await notices.tell(session, notice)


async def _linked(session: AsyncSession, provider: IdentityProvider, subject: str) -> LinkedIdentity | None:
    return await session.scalar(
        select(LinkedIdentity).where(
            col(LinkedIdentity.organization_id) == provider.organization_id,
            col(LinkedIdentity.issuer) == provider.issuer,
            col(LinkedIdentity.subject) == subject,
        )
    )


async def _membership(session: AsyncSession, provider: IdentityProvider, user: User) -> Membership | None:
    return await session.scalar(
        select(Membership).where(
            col(Membership.user_id) == user.id,
            col(Membership.organization_id) == provider.organization_id,
            col(Membership.deactivated_at).is_(None),
        )
    )


async def _one_at_a_time(session: AsyncSession, provider: IdentityProvider, who: Visitor) -> None:
    """A newcomer who comes in by two tabs at once is one person; so is one who is invited meanwhile."""
    lock = text("select pg_advisory_xact_lock(hashtext(:name))")
    await session.execute(lock, {"name": f"identity {provider.issuer} {who.subject}"})
    await session.execute(lock, {"name": f"joining {who.email}"})


async def _enabled(provider_id: UUID, actor: Actor | None = None) -> IdentityProvider:
    async with transaction(actor or Actor.system()) as session:
        provider = await session.get(IdentityProvider, provider_id)
    if provider is None or not provider.enabled:
        raise NotFound("Signing in this way is not offered any more.")
    return provider


async def _client(provider: IdentityProvider, redirect_uri: str) -> oidc.Client:
    return oidc.Client(provider.client_id, await secret_of(provider), redirect_uri)


def _visitor(claims: dict[str, Any]) -> Visitor:
    """What is used of the claims, and nothing else: no role and no organisation."""
    try:
        email = accounts.clean_email(str(claims.get("email", "")))
    except Invalid:
        email = ""
    name = " ".join(str(claims.get("name", "")).split())
    return Visitor(str(claims["sub"]), email, bool(email) and claims.get("email_verified") is True, name)
