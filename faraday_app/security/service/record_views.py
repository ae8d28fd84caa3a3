"""Who saw what of whom. Looking at a person's record is itself recorded."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor
from faraday_app.security.models import RecordView
from faraday_app.security.service.audit import Thing, record

SEEN = "record.seen"
FOLDED = timedelta(minutes=10)


async def seen(session: AsyncSession, actor: Actor, subject_user_id: UUID, what: str) -> bool:
    """Record that the actor looks at something of this person: ``what`` is a thing or a kind of thing, in words.

    One event for each viewer, person and thing within ten minutes, however many look at once: whether this is it.
    Nothing for oneself, and nothing for Faraday.
    """
    if actor.user_id is None or actor.user_id == subject_user_id:
        return False
    key = {
        "organization_id": actor.organization,
        "viewer_id": actor.user,
        "subject_id": subject_user_id,
        "what": what[:80],
    }
    first = await session.scalar(
        insert(RecordView)
        .values(**key, seen_at=now())
        .on_conflict_do_update(
            index_elements=list(key), set_={"seen_at": now()}, where=col(RecordView.seen_at) <= now() - FOLDED
        )
        .returning(col(RecordView.viewer_id))
    )
    if first is None:
        return False
    record(session, actor, SEEN, Thing("users", subject_user_id), what=what[:80])
    return True
