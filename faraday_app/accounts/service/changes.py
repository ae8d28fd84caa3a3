"""What every change of a person's factors brings with it: the trail, word to the person, pages that read again."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.notices import Notice, tell
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

UNEXPECTED = "If this was not you, change your password and ask an administrator for help."


async def changed(session: AsyncSession, actor: Actor, action: str, title: str, **details: Any) -> None:
    """A person changed their own factors."""
    record(session, actor, action, **details)
    await notify(session, actor.organization, actor.user, action, title)
    tell_pages(session, actor.organization, actor.user)


async def notify(session: AsyncSession, organization_id: UUID, user_id: UUID, kind: str, title: str) -> None:
    notice = Notice(organization_id, (user_id,), kind, title, UNEXPECTED, "/account", urgent=True)
    await tell(session, notice)


def tell_pages(session: AsyncSession, organization_id: UUID, user_id: UUID) -> None:
    """Also the rights: who lacked a factor that is required may now do more, or the other way round."""
    for each in (topic("factors", user_id), topic("rights", user_id), topic("people", organization_id)):
        publish_on_commit(session, each)
