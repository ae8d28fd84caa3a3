"""Keys to the HTTP API: shown once, kept as a keyed hash, never more than their person may."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import notices
from faraday_app.core.budgets import Period
from faraday_app.core.clock import now
from faraday_app.core.crypto import new_key, token_hash
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import ApiKey, ApiKeySpending
from faraday_app.security.service.audit import record
from faraday_app.security.service.key_restrictions import (
    Restrictions,
    cleaned,
    narrowed,
    no_longer_than,
    offered_models,
)

SEEN_EVERY = timedelta(minutes=1)
MOST = 20
PAGE = 25
GRACE, LONGEST_GRACE = timedelta(hours=24), timedelta(days=30)
REPEATED_WITHIN = timedelta(minutes=10)
FREE = Restrictions()


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """Empty fields do not narrow. ``before`` is the id at the end of the page before."""

    text: str = ""
    before: UUID | None = None


async def create_api_key(
    session: AsyncSession,
    actor: Actor,
    name: str,
    scopes: list[Permission],
    expires_at: datetime | None = None,
    restrictions: Restrictions = FREE,
) -> tuple[ApiKey, str]:
    """The key's row and its secret, which cannot be shown again.

    In a browser, whoever makes one has just shown who they are. One that is made with a key is no wider than it.
    """
    actor.must(Permission.api_keys_manage)
    _must_be_there(actor)
    if not name.strip():
        raise Invalid("Give the key a name, so that you know it again.", field="name")
    if expires_at and expires_at <= now():
        raise Invalid("Choose an expiry in the future.", field="expires_at")
    _refuse_scopes(actor, scopes)
    restrictions = cleaned(restrictions, await offered_models(actor) if restrictions.models else ())
    if actor.api_key_id:
        maker = await session.get_one(ApiKey, actor.api_key_id)
        restrictions, expires_at = narrowed(restrictions, maker), no_longer_than(expires_at, maker)
    await _refuse_too_many(session, actor)
    row, secret = _new_row(actor, name, scopes, expires_at, restrictions)
    session.add(row)
    _record(session, actor, "api_key.created", row, scopes=row.scopes)
    await session.flush()
    return row, secret


def opened_by(hashed: Any, at: Any) -> ColumnElement[bool]:
    """The key of a hash that lives at a time: by its secret, or by the one before while that has its time of grace."""
    return and_(
        or_(col(ApiKey.key_hash) == hashed, and_(col(ApiKey.old_key_hash) == hashed, col(ApiKey.old_until) > at)),
        col(ApiKey.revoked_at).is_(None),
        or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > at),
    )


async def note_use(session: AsyncSession, key_id: UUID, last_used_at: datetime | None, address: str) -> None:
    """When and from where it was used last, noted at most once a minute."""
    if last_used_at is None or now() - last_used_at > SEEN_EVERY:
        await session.execute(
            update(ApiKey)
            .where(col(ApiKey.id) == key_id)
            .values(last_used_at=now(), last_used_address=address)
            .execution_options(synchronize_session=False)
        )


async def list_api_keys(session: AsyncSession, actor: Actor) -> list[ApiKey]:
    """The actor's own keys that are not revoked, newest first; at most ``MOST`` exist."""
    actor.must(Permission.api_keys_manage)
    query = select(ApiKey).where(*_own(actor))
    return list((await session.scalars(query.order_by(col(ApiKey.id).desc()).limit(MOST))).all())


async def search(session: AsyncSession, actor: Actor, wanted: KeyFilter, limit: int = PAGE) -> list[ApiKey]:
    """Every key of the organisation that is not revoked, newest first, one page."""
    actor.must(Permission.security_manage)
    query = select(ApiKey).where(col(ApiKey.organization_id) == actor.organization, col(ApiKey.revoked_at).is_(None))
    if sought := wanted.text.strip():
        named = col(ApiKey.name).icontains(sought, autoescape=True)
        query = query.where(or_(named, col(ApiKey.prefix).startswith(sought[:10], autoescape=True)))
    if wanted.before:
        query = query.where(col(ApiKey.id) < wanted.before)
    return list((await session.scalars(query.order_by(col(ApiKey.id).desc()).limit(limit))).all())


async def get_api_key(session: AsyncSession, actor: Actor, key_id: UUID, *, lock: bool = False) -> ApiKey:
    """One's own, or for those who see to security any of the organisation; not a revoked one."""
    if not actor.may(Permission.security_manage):
        actor.must(Permission.api_keys_manage)
    query = select(ApiKey).where(col(ApiKey.id) == key_id, col(ApiKey.revoked_at).is_(None))
    row = await session.scalar(query.with_for_update() if lock else query)
    mine = row is not None and row.user_id == actor.user and row.organization_id == actor.organization
    theirs = row is not None and row.organization_id == actor.organization and actor.may(Permission.security_manage)
    if row is None or not (mine or theirs):
        raise NotFound("This key does not exist.")
    return row


async def spent(session: AsyncSession, row: ApiKey) -> int:
    """Micro-credits of the budget's present period that are spent or held."""
    if row.budget is None:
        return 0
    since = Period(row.budget_period).began(now())
    found = await session.scalar(
        select(col(ApiKeySpending.spent)).where(
            col(ApiKeySpending.api_key_id) == row.id, col(ApiKeySpending.since) == since
        )
    )
    return found or 0


async def rotate_api_key(
    session: AsyncSession, actor: Actor, key_id: UUID, grace: timedelta = GRACE
) -> tuple[ApiKey, str]:
    """A new secret for the same key; the old one works on for the time of grace.

    The key's life begins again, but not when a key does it. Repeated within ten minutes, as after an answer that
    got lost, the secret handed out in between ends and the old one keeps its time.
    """
    actor.must(Permission.api_keys_manage)
    _must_be_there(actor)
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise Invalid("The old key can work for 0 to 30 days more.", field="grace_hours")
    row = await get_api_key(session, actor, key_id, lock=True)
    if row.user_id != actor.user:
        raise NotFound("This key does not exist.")
    if actor.api_key_id and actor.api_key_id not in (row.id, row.made_with):
        raise NotPermitted("A key can rotate itself and what was made with it, nothing else.")
    secret = new_key()
    _renew(actor, row, secret, grace)
    _record(session, actor, "api_key.rotated", row, grace_hours=grace / timedelta(hours=1))
    return row, secret


async def revoke_api_key(session: AsyncSession, actor: Actor, key_id: UUID) -> None:
    """End a key and those made with it, at once. Somebody else's: its owner is told."""
    row = await get_api_key(session, actor, key_id, lock=True)
    for each in [row, *(await _made_with(session, row))]:
        each.revoked_at = now()
        _record(session, actor, "api_key.revoked", each)
    if row.user_id != actor.user:
        await notices.tell(
            session,
            notices.Notice(
                row.organization_id,
                (row.user_id,),
                "api_key.revoked",
                f"Your API key “{row.name}” was revoked",
                f"{actor.name} revoked it. Programs that use it are refused from now on.",
                "/keys",
                urgent=True,
            ),
        )


async def revoke_keys_of(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """End all keys of a person in the actor's organisation. The caller has checked that the actor may."""
    keys = select(ApiKey).where(
        col(ApiKey.user_id) == user_id,
        col(ApiKey.organization_id) == actor.organization,
        col(ApiKey.revoked_at).is_(None),
    )
    for row in (await session.scalars(keys.with_for_update())).all():
        row.revoked_at = now()
        _record(session, actor, "api_key.revoked", row)


def _must_be_there(actor: Actor) -> None:
    """A key cannot show who it is, and Faraday need not; a browser that was left open must."""
    if actor.session_id:
        actor.must_be_confirmed()


def _refuse_scopes(actor: Actor, scopes: list[Permission]) -> None:
    if not scopes or any(scope not in actor.permissions for scope in scopes):
        raise Invalid("Choose at least one scope, and only what you may do yourself.", field="scopes")
    if actor.api_key_id and Permission.api_keys_manage in scopes:
        raise Invalid("A key that was made with a key cannot make keys itself.", field="scopes")


async def _refuse_too_many(session: AsyncSession, actor: Actor) -> None:
    """One at a time per person: two requests cannot both make the last one."""
    await session.execute(
        text("select pg_advisory_xact_lock(hashtext('api keys ' || :person))"), {"person": str(actor.user)}
    )
    if (await session.scalar(select(func.count()).select_from(ApiKey).where(*_own(actor))) or 0) >= MOST:
        raise Invalid(f"You have {MOST} keys. Revoke one you no longer use.")


def _own(actor: Actor) -> list[ColumnElement[bool]]:
    return [
        col(ApiKey.user_id) == actor.user,
        col(ApiKey.organization_id) == actor.organization,
        col(ApiKey.revoked_at).is_(None),
    ]


def _new_row(
    actor: Actor, name: str, scopes: list[Permission], expires_at: datetime | None, limits: Restrictions
) -> tuple[ApiKey, str]:
    secret = new_key()
    row = ApiKey(
        organization_id=actor.organization,
        user_id=actor.user,
        name=name.strip()[:80],
        prefix=secret[:10],
        key_hash=token_hash(secret),
        scopes=sorted(scopes),
        expires_at=expires_at,
        addresses=list(limits.addresses),
        models=list(limits.models),
        budget=limits.budget,
        budget_period=limits.budget_period if limits.budget else "",
        limit_per_minute=limits.limit_per_minute,
        burst=limits.burst,
        made_with=actor.api_key_id,
    )
    return row, secret


def _renew(actor: Actor, row: ApiKey, secret: str, grace: timedelta) -> None:
    at = now()
    repeated = row.rotated_at is not None and at - row.rotated_at < REPEATED_WITHIN and row.old_until is not None
    until = min(row.old_until, at + grace) if repeated and row.old_until else at + grace
    old = row.old_key_hash if repeated else row.key_hash
    row.old_key_hash, row.old_until = (old, until) if grace else (None, None)
    if row.expires_at and not actor.api_key_id and not row.made_with:
        row.expires_at = at + (row.expires_at - (row.rotated_at or row.created_at))
    row.key_hash, row.prefix, row.rotated_at, row.warned_at = token_hash(secret), secret[:10], at, None


async def _made_with(session: AsyncSession, row: ApiKey) -> list[ApiKey]:
    query = select(ApiKey).where(col(ApiKey.made_with) == row.id, col(ApiKey.revoked_at).is_(None))
    return list((await session.scalars(query.with_for_update())).all())


def _record(session: AsyncSession, actor: Actor, action: str, row: ApiKey, **details: object) -> None:
    record(session, actor, action, row, name=row.name, **details)
    publish_on_commit(session, topic("api_keys", row.user_id))
    publish_on_commit(session, topic("api_keys", row.organization_id))
