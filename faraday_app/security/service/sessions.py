"""Signed-in browsers. The cookie holds a random token; the row holds its hash."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import geo
from faraday_app.core.clock import now
from faraday_app.core.crypto import new_token, token_hash
from faraday_app.core.errors import NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings
from faraday_app.security.models import Session
from faraday_app.security.service.audit import record
from faraday_app.security.service.devices import Browser, fingerprint, kind_of

SEEN_EVERY = timedelta(minutes=1)
# For how long a replaced token still counts: over HTTP for requests that were under way, on a websocket that was
# opened with it until the page has connected again.
UNDER_WAY = timedelta(seconds=10)
OPEN_PAGES = timedelta(seconds=60)
KEPT = timedelta(days=90)
MOST_SHOWN = 50
PAGE = 25


async def open_session(
    session: AsyncSession,
    user_id: UUID,
    organization_id: UUID,
    address: str,
    user_agent: str,
    *,
    method: str = "password",
    browser: Browser | None = None,
    device_id: UUID | None = None,
) -> tuple[Session, str]:
    """A new session and its token, which is known to nobody afterwards but the browser.

    ``method`` says how they signed in: password, passkey, or the name of a provider.
    """
    token, kind = new_token(), await kind_of(user_agent)
    row = Session(
        user_id=user_id,
        organization_id=organization_id,
        token_hash=token_hash(token),
        method=method,
        address=address[:45],
        country=await geo.country_of(address),
        user_agent=user_agent[:300],
        browser=kind.browser,
        system=kind.system,
        fingerprint=fingerprint(kind, browser or Browser()),
        device_id=device_id,
        idle_expires_at=now() + timedelta(hours=settings().session_idle_hours),
        expires_at=now() + timedelta(hours=settings().session_hours),
        confirmed_at=now(),
    )
    session.add(row)
    await session.flush()
    publish_on_commit(session, topic("sessions", user_id))
    return row, token


async def find_session(
    session: AsyncSession, token: str, *, by_person: bool = True, open_page: bool = False, address: str = ""
) -> Session | None:
    """The live session of a token. What the person does renews its idle time, at most once a minute.

    A token that was replaced counts a little longer (``open_page``: on a websocket that was opened with it). After
    that it is a copy in somebody's hands: refused, and recorded.
    """
    hashed = token_hash(token)
    since = now() - (OPEN_PAGES if open_page else UNDER_WAY)
    former = and_(col(Session.former_hash) == hashed, col(Session.rotated_at) > since)
    row = await session.scalar(select(Session).where(or_(col(Session.token_hash) == hashed, former), *_live()))
    if row is None and not open_page:
        await _record_replay(session, hashed, address)
    elif row and by_person and now() - row.last_seen_at > SEEN_EVERY:
        row.last_seen_at = now()
        row.idle_expires_at = now() + timedelta(hours=settings().session_idle_hours)
    return row


def lapses_at(row: Session, token: str, *, open_page: bool) -> datetime:
    """When this token ends if the person does nothing."""
    ends = min(row.idle_expires_at, row.expires_at)
    if row.rotated_at is None or not is_replaced(row, token):
        return ends
    return min(ends, row.rotated_at + (OPEN_PAGES if open_page else UNDER_WAY))


def is_replaced(row: Session, token: str) -> bool:
    return row.token_hash != token_hash(token)


async def rotate(session: AsyncSession, session_id: UUID) -> str:
    """A new token for a live session, to be set as its cookie by the answer to this request.

    To be called by an HTTP route at every change of what the session may do: after the person has confirmed who they
    are, after a second factor. Open pages keep their state: two seconds after the fact each of them connects its
    websocket again, with the new cookie (``Viewer.reconnect``). Until then the former token counts for ``OPEN_PAGES``
    on websockets that were open, and for ``UNDER_WAY`` over HTTP. Empty when the session got a new token within
    ``UNDER_WAY``: the browser has it, or is about to. NotFound when the session has ended.

    Where no request is at hand, ``rotate_at_next_load`` has the next page load do it.
    """
    token = await _rotate(session, session_id, or_(col(Session.rotated_at).is_(None), _rotated_before(UNDER_WAY)))
    if not token and not await session.scalar(select(col(Session.id)).where(col(Session.id) == session_id, *_live())):
        raise NotFound("This session has ended.")
    return token


async def confirm_session(session: AsyncSession, session_id: UUID) -> str:
    """Its person has just shown who they are; the token that takes the place of the old one, as ``rotate`` says."""
    await session.execute(update(Session).where(col(Session.id) == session_id).values(confirmed_at=now()))
    publish_on_commit(session, topic("session", session_id))
    return await rotate(session, session_id)


async def rotate_if_due(session: AsyncSession, session_id: UUID) -> str:
    """The new token of a session whose person's rights have changed; empty for all but one of many requests."""
    return await _rotate(session, session_id, col(Session.rotation_due).is_(True))


async def rotate_at_next_load(session: AsyncSession, user_id: UUID, organization_id: UUID) -> None:
    """The person's rights have changed: each of their sessions gets a new token with the next page it loads."""
    due = await session.scalars(
        update(Session)
        .where(col(Session.user_id) == user_id, col(Session.organization_id) == organization_id, *_live())
        .values(rotation_due=True)
        .returning(col(Session.id))
    )
    for session_id in due:
        publish_on_commit(session, topic("session", session_id))


async def mine(session: AsyncSession, actor: Actor) -> list[Session]:
    """Where the actor is signed in, used last first; at most ``MOST_SHOWN``."""
    actor.must(Permission.account_manage)
    query = select(Session).where(*_of(actor.user, actor), *_live())
    return list((await session.scalars(query.order_by(col(Session.last_seen_at).desc()).limit(MOST_SHOWN))).all())


async def end_mine(session: AsyncSession, actor: Actor, session_id: UUID) -> None:
    """Sign out one of the actor's own browsers."""
    actor.must(Permission.account_manage)
    row = await session.scalar(select(Session).where(col(Session.id) == session_id, *_of(actor.user, actor), *_live()))
    if row is None:
        raise NotFound("This device is signed out already.")
    await revoke_session(session, session_id)
    record(session, actor, "session.revoked", row, device=row.device_name)


async def end_others(session: AsyncSession, actor: Actor) -> int:
    """Sign out all of the actor's browsers but this one; how many there were."""
    actor.must(Permission.account_manage)
    others = [col(Session.id) != actor.session_id] if actor.session_id else []
    ended = await _revoke(session, *_of(actor.user, actor), *others, *_live())
    if ended:
        record(session, actor, "session.others_revoked", devices=ended)
    return ended


async def of_organization(
    session: AsyncSession, actor: Actor, *, user_id: UUID | None = None, before: UUID | None = None, limit: int = PAGE
) -> list[Session]:
    """Live sessions of the organisation or of one person in it, opened last first. ``before`` is the pager's keyset."""
    actor.must(Permission.security_read)
    query = select(Session).where(col(Session.organization_id) == actor.organization, *_live())
    if user_id:
        query = query.where(col(Session.user_id) == user_id)
    if before:
        query = query.where(col(Session.id) < before)
    return list((await session.scalars(query.order_by(col(Session.id).desc()).limit(limit))).all())


async def revoke_session(session: AsyncSession, session_id: UUID) -> None:
    await _revoke(session, col(Session.id) == session_id)


async def revoke_token(session: AsyncSession, token: str) -> None:
    """End the session that a browser brought along when it signs in anew."""
    if token:
        await _revoke(session, col(Session.token_hash) == token_hash(token))


async def revoke_sessions_of(session: AsyncSession, user_id: UUID, organization_id: UUID) -> int:
    """Sign a person out everywhere in one organisation; how many sessions that ended."""
    return await _revoke(session, col(Session.user_id) == user_id, col(Session.organization_id) == organization_id)


async def revoke_all_of(session: AsyncSession, user_id: UUID, keep: UUID | None = None) -> None:
    """Sign a person out everywhere, in every organisation, but for the session they are using."""
    await _revoke(session, col(Session.user_id) == user_id, *([col(Session.id) != keep] if keep else []))


async def forget_old(session: AsyncSession) -> None:
    """Remove what ended long ago; the audit trail still tells of it."""
    long_ago = now() - KEPT
    ended = [col(Session.revoked_at), col(Session.idle_expires_at), col(Session.expires_at)]
    await session.execute(delete(Session).where(or_(*(moment < long_ago for moment in ended))))


async def _revoke(session: AsyncSession, *which: ColumnElement[bool]) -> int:
    query = update(Session).where(*which, col(Session.revoked_at).is_(None)).values(revoked_at=now())
    revoked = (await session.execute(query.returning(col(Session.id), col(Session.user_id)))).all()
    for session_id, user_id in revoked:
        publish_on_commit(session, topic("session", session_id))
        publish_on_commit(session, topic("sessions", user_id))
    return len(revoked)


async def _rotate(session: AsyncSession, session_id: UUID, when: ColumnElement[bool]) -> str:
    token = new_token()
    rotated = await session.scalar(
        update(Session)
        .where(col(Session.id) == session_id, when, *_live())
        .values(former_hash=col(Session.token_hash), token_hash=token_hash(token), rotated_at=now(), rotation_due=False)
        .returning(col(Session.id))
        .execution_options(synchronize_session=False)
    )
    if rotated is None:
        return ""
    publish_on_commit(session, topic("session", session_id))
    return token


async def _record_replay(session: AsyncSession, hashed: str, address: str) -> None:
    row = await session.scalar(select(Session).where(col(Session.former_hash) == hashed, *_live()))
    if row:
        faraday = replace(Actor.system(row.organization_id), address=address)
        record(session, faraday, "session.replayed", row, user_id=str(row.user_id), device=row.device_name)


def _live() -> tuple[ColumnElement[bool], ...]:
    ends = (col(Session.idle_expires_at), col(Session.expires_at))
    return col(Session.revoked_at).is_(None), *(end > now() for end in ends)


def _of(user_id: UUID, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return col(Session.user_id) == user_id, col(Session.organization_id) == actor.organization


def _rotated_before(age: timedelta) -> ColumnElement[bool]:
    return col(Session.rotated_at) < now() - age
