"""Signed-in browsers. The cookie holds a random token; the row holds its hash."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.crypto import new_token, token_hash
from faraday_app.core.errors import NotSignedIn
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.settings import settings
from faraday_app.security.models import Session

SEEN_EVERY = timedelta(minutes=1)


async def open_session(
    session: AsyncSession, user_id: UUID, organization_id: UUID, address: str, user_agent: str
) -> tuple[Session, str]:
    """A new session and its token, which is known to nobody afterwards but the browser."""
    token = new_token()
    row = Session(
        user_id=user_id,
        organization_id=organization_id,
        token_hash=token_hash(token),
        address=address,
        user_agent=user_agent[:300],
        idle_expires_at=now() + timedelta(hours=settings().session_idle_hours),
        expires_at=now() + timedelta(hours=settings().session_hours),
        confirmed_at=now(),
    )
    session.add(row)
    await session.flush()
    return row, token


async def find_session(session: AsyncSession, token: str) -> Session | None:
    """The live session of a token. Being found at most once a minute renews its idle time."""
    row = await session.scalar(
        select(Session).where(
            col(Session.token_hash) == token_hash(token),
            *_live(),
        )
    )
    if row and now() - row.last_seen_at > SEEN_EVERY:
        row.last_seen_at = now()
        row.idle_expires_at = now() + timedelta(hours=settings().session_idle_hours)
    return row


async def find_session_by_id(session: AsyncSession, session_id: UUID) -> Session | None:
    """A live session whose token was found before."""
    return await session.scalar(select(Session).where(col(Session.id) == session_id, *_live()))


async def confirm_session(session: AsyncSession, session_id: UUID, page: str = "") -> str:
    """Its person has just shown who they are: another token takes the place of the old one, which is dead at once.

    ``page`` names the open page that asked and may go on with the socket it has; others open theirs again.
    """
    token = new_token()
    confirmed = await session.scalar(
        update(Session)
        .where(col(Session.id) == session_id, *_live())
        .values(token_hash=token_hash(token), confirmed_at=now())
        .returning(col(Session.id))
    )
    if confirmed is None:
        raise NotSignedIn
    publish_on_commit(session, topic("session", session_id), token_hash(page) if page else "")
    return token


async def revoke_session(session: AsyncSession, session_id: UUID) -> None:
    await _revoke(session, col(Session.id) == session_id)


async def revoke_sessions_of(session: AsyncSession, user_id: UUID, organization_id: UUID) -> None:
    """Sign a person out everywhere in one organisation."""
    await _revoke(session, col(Session.user_id) == user_id, col(Session.organization_id) == organization_id)


def _live() -> tuple[ColumnElement[bool], ...]:
    revoked, idle, ends = col(Session.revoked_at), col(Session.idle_expires_at), col(Session.expires_at)
    return revoked.is_(None), idle > now(), ends > now()


async def _revoke(session: AsyncSession, *which: object) -> None:
    revoked = await session.scalars(
        update(Session)
        .where(*which, col(Session.revoked_at).is_(None))  # type: ignore[arg-type]
        .values(revoked_at=now())
        .returning(col(Session.id))
    )
    for session_id in revoked:
        publish_on_commit(session, topic("session", session_id))
