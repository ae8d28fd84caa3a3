"""Keys to the HTTP API: shown once, kept as a keyed hash, never more than their person may."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.crypto import new_token, token_hash
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import ApiKey
from faraday_app.security.service.audit import record

PREFIX = "fdy_"
SEEN_EVERY = timedelta(minutes=1)
MOST = 20


async def create_api_key(
    session: AsyncSession, actor: Actor, name: str, scopes: list[Permission], expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """The key's row and its secret, which cannot be shown again."""
    actor.must(Permission.api_keys_manage)
    if not name.strip():
        raise Invalid("Give the key a name, so that you know it again.", field="name")
    if not scopes or any(scope not in actor.permissions for scope in scopes):
        raise Invalid("Choose at least one scope, and only what you may do yourself.", field="scopes")
    if Permission.roles_manage in scopes:
        actor.must_be_confirmed()  # such a key changes what people may, and nobody is asked again
    if expires_at and expires_at <= now():
        raise Invalid("Choose an expiry in the future.", field="expires_at")
    if len(await list_api_keys(session, actor)) >= MOST:
        raise Invalid(f"You have {MOST} keys. Revoke one you no longer use.")
    secret = PREFIX + new_token()
    row = ApiKey(
        organization_id=actor.organization,
        user_id=actor.user,
        name=name.strip()[:80],
        prefix=secret[:10],
        key_hash=token_hash(secret),
        scopes=sorted(scopes),
        expires_at=expires_at,
    )
    session.add(row)
    record(session, actor, "api_key.created", row, name=row.name, scopes=row.scopes)
    publish_on_commit(session, topic("api_keys", actor.user))
    await session.flush()
    return row, secret


async def find_api_key(session: AsyncSession, secret: str) -> ApiKey | None:
    """The live key of a secret; notes its use at most once a minute."""
    row = await session.scalar(
        select(ApiKey).where(col(ApiKey.key_hash) == token_hash(secret), col(ApiKey.revoked_at).is_(None))
    )
    if row is None or (row.expires_at and row.expires_at <= now()):
        return None
    if row.last_used_at is None or now() - row.last_used_at > SEEN_EVERY:
        row.last_used_at = now()
    return row


async def list_api_keys(session: AsyncSession, actor: Actor) -> list[ApiKey]:
    """The actor's own keys that are not revoked, newest first; at most ``MOST`` exist."""
    actor.must(Permission.api_keys_manage)
    query = select(ApiKey).where(col(ApiKey.user_id) == actor.user, col(ApiKey.revoked_at).is_(None))
    return list((await session.scalars(query.order_by(col(ApiKey.id).desc()).limit(MOST))).all())


async def revoke_api_key(session: AsyncSession, actor: Actor, key_id: UUID) -> None:
    actor.must(Permission.api_keys_manage)
    row = await session.get(ApiKey, key_id)
    if row is None or row.user_id != actor.user or row.revoked_at:
        raise NotFound("This key does not exist.")
    row.revoked_at = now()
    record(session, actor, "api_key.revoked", row, name=row.name)
    publish_on_commit(session, topic("api_keys", actor.user))
