"""Telling people, and what becomes of it."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core import mail
from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.http.shield import safe_path
from faraday_app.core.notices import Notice
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings
from faraday_app.notifications.models import Notification
from faraday_app.organizations.models import Membership

PAGE = 25
FOLDED_WITHIN = timedelta(minutes=10)
MOST_COUNTED = 100
KEPT = timedelta(days=365)


async def deliver(session: AsyncSession, notice: Notice) -> None:
    """Tell each recipient who is an active member, in the transaction that gives cause; urgent things by e-mail too.

    The same again within ten minutes only adds to what they have not read yet, and sends no second e-mail.
    """
    async with as_faraday(session):
        members = await _members(session, notice)
        await _one_at_a_time(session, notice)
        folded = await _fold(session, notice, list(members))
        for user_id, email in members.items():
            if user_id not in folded:
                session.add(_notification(notice, user_id))
                if notice.urgent:
                    await mail.post(session, email, notice.title, _letter(notice))
            publish_on_commit(session, topic("notifications", user_id))


async def mine(
    session: AsyncSession, actor: Actor, *, unread: bool = False, before: UUID | None = None, limit: int = PAGE
) -> list[Notification]:
    """What the actor was told, newest first. ``before`` is the pager's keyset."""
    query = select(Notification).where(*_of(actor))
    if unread:
        query = query.where(col(Notification.read_at).is_(None))
    if before:
        query = query.where(col(Notification.id) < before)
    return list((await session.scalars(query.order_by(col(Notification.id).desc()).limit(limit))).all())


async def unread_count(session: AsyncSession, actor: Actor) -> int:
    """How much the actor has not read yet; counted up to ``MOST_COUNTED``."""
    waiting = select(col(Notification.id)).where(*_of(actor), col(Notification.read_at).is_(None)).limit(MOST_COUNTED)
    return int(await session.scalar(select(func.count()).select_from(waiting.subquery())) or 0)


async def mark_read(session: AsyncSession, actor: Actor, ids: Collection[UUID]) -> None:
    """What is not the actor's is passed over, like what does not exist."""
    await _mark(session, actor, col(Notification.id).in_(ids))


async def mark_all_read(session: AsyncSession, actor: Actor) -> None:
    await _mark(session, actor)


async def forget_old(session: AsyncSession) -> None:
    """Remove what is a year old."""
    await session.execute(delete(Notification).where(col(Notification.created_at) < now() - KEPT))


async def _mark(session: AsyncSession, actor: Actor, *which: ColumnElement[bool]) -> None:
    unread = (*_of(actor), col(Notification.read_at).is_(None), *which)
    marked = await session.scalars(
        update(Notification).where(*unread).values(read_at=now()).returning(col(Notification.id))
    )
    if marked.all():
        publish_on_commit(session, topic("notifications", actor.user))


def _of(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    actor.must(Permission.notifications_read)
    return col(Notification.user_id) == actor.user, col(Notification.organization_id) == actor.organization


async def _members(session: AsyncSession, notice: Notice) -> dict[UUID, str]:
    """The recipients who are here, with their e-mail addresses."""
    found = await session.execute(
        select(col(User.id), col(User.email))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(User.id).in_(notice.recipients),
            col(Membership.organization_id) == notice.organization_id,
            col(Membership.deactivated_at).is_(None),
        )
    )
    return {row.id: row.email for row in found}


async def _one_at_a_time(session: AsyncSession, notice: Notice) -> None:
    """The same thing told twice at once is folded too."""
    await session.execute(
        text("select pg_advisory_xact_lock(hashtext('notices ' || :what))"),
        {"what": f"{notice.organization_id} {notice.kind} {notice.link}"},
    )


async def _fold(session: AsyncSession, notice: Notice, user_ids: list[UUID]) -> set[UUID]:
    """Add to what says the same and is unread; who has got it so."""
    fresh = _notification(notice, notice.organization_id)
    folded = await session.scalars(
        update(Notification)
        .where(
            col(Notification.organization_id) == notice.organization_id,
            col(Notification.user_id).in_(user_ids),
            col(Notification.kind) == fresh.kind,
            col(Notification.link) == fresh.link,
            col(Notification.read_at).is_(None),
            col(Notification.created_at) > now() - FOLDED_WITHIN,
        )
        .values(count=col(Notification.count) + 1, title=fresh.title, text=fresh.text)
        .returning(col(Notification.user_id))
        .execution_options(synchronize_session=False)
    )
    return set(folded.all())


def _notification(notice: Notice, user_id: UUID) -> Notification:
    return Notification(
        organization_id=notice.organization_id,
        user_id=user_id,
        kind=notice.kind[:80],
        title=notice.title[:200],
        text=notice.text[:1000],
        link=safe_path(notice.link)[:300] if notice.link else "",
    )


def _letter(notice: Notice) -> str:
    """The text, and where to go: a link that works, once the installation knows its own address."""
    public = settings().public_url.rstrip("/")
    link = f"{public}{safe_path(notice.link)}" if public and notice.link else ""
    return "\n\n".join(part for part in (notice.text or notice.title, link) if part) + "\n"
