"""What a model is given of what other GPTs share with the one that answers."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.contexts.models import Given, Gpt, GptShare
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.shares.offering import MOST
from faraday_app.contexts.service.shares.packing import unsealed
from faraday_app.contexts.service.shares.rules import holds, still_remembered
from faraday_app.core.permissions import Actor
from faraday_app.core.vault.keys import Unreadable

WEIGHT = 0.45  # below what is the conversation's and the person's own
_log = structlog.get_logger(__name__)


async def shared(session: AsyncSession, actor: Actor, occasion: Occasion) -> Sequence[Item]:
    """A source of ``gathering``. Whether a share holds is asked at each use: what ended is given to nobody.

    What a GPT gets it does not pass on: a share holds what is the source's own, so that there are no circles.
    """
    if occasion.gpt is None:
        return ()
    source = aliased(Gpt)
    query = (
        select(GptShare, source)
        .join(source, col(source.id) == col(GptShare.source_id))
        .where(
            col(GptShare.target_id) == occasion.gpt.id,
            col(GptShare.organization_id) == actor.organization,
            holds(source),
        )
        .order_by(col(GptShare.id).desc())
        .limit(MOST)
    )
    items: list[Item] = []
    for share, giver in (await session.execute(query)).all():
        try:
            entries = await still_remembered(session, await unsealed(share), giver.owner_id)
        except Unreadable:
            _log.warning("share_unreadable", share_id=str(share.id))
            continue
        for entry in entries:
            items.append(Item(Given.shared, f"{share.id}-{entry.key}", share.version, entry.title, entry.text, WEIGHT))
    return items
