"""What a model is given of what other GPTs share with the one that answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.contexts.models import Given, Gpt, GptShare
from faraday_app.contexts.service import gpts, knowledge
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.knowledge import KnownPassage
from faraday_app.contexts.service.shares.offering import MOST
from faraday_app.contexts.service.shares.packing import MATERIAL, Entry, unsealed
from faraday_app.contexts.service.shares.rules import holds, still_given
from faraday_app.core.permissions import Actor
from faraday_app.core.vault.keys import Unreadable

WEIGHT = 0.45  # below what is the conversation's and the person's own
MOST_PASSAGES = 6  # of all files that are shared with a GPT together
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A passage of a file that another GPT shares, and by which share."""

    share: GptShare
    giver: str
    entry: Entry
    passage: KnownPassage


async def shared(session: AsyncSession, actor: Actor, occasion: Occasion) -> Sequence[Item]:
    """A source of ``gathering``. Whether a share holds is asked at each use: what ended is given to nobody.

    What a GPT gets it does not pass on: a share holds what is the source's own, so that there are no circles.
    """
    if occasion.gpt is None:
        return ()
    held = await _held(session, actor, occasion.gpt)
    items = [
        Item(Given.shared, f"{share.id}-{entry.key}", share.version, entry.title, entry.text, WEIGHT)
        for share, _, entry in held
        if entry.part in MATERIAL
    ]
    found = await _passages(session, actor, occasion.gpt, held, occasion.question, MOST_PASSAGES)
    return [*items, *map(_item, found)]


async def passages(session: AsyncSession, actor: Actor, gpt: Gpt, question: str, most: int) -> list[SharedPassage]:
    """Of the files that others share with this GPT, those that fit the question, the best first."""
    return await _passages(session, actor, gpt, await _held(session, actor, gpt), question, most)


async def _held(session: AsyncSession, actor: Actor, gpt: Gpt) -> list[tuple[GptShare, Gpt, Entry]]:
    """All that is given at this moment: of shares that hold what there still is."""
    source = aliased(Gpt)
    query = (
        select(GptShare, source)
        .join(source, col(source.id) == col(GptShare.source_id))
        .where(
            col(GptShare.target_id) == gpt.id,
            col(GptShare.organization_id) == actor.organization,
            holds(source),
        )
        .order_by(col(GptShare.id).desc())
        .limit(MOST)
    )
    found: list[tuple[GptShare, Gpt, Entry]] = []
    for share, giver in (await session.execute(query)).all():
        try:
            entries = await still_given(session, await unsealed(share), giver)
        except Unreadable:
            _log.warning("share_unreadable", share_id=str(share.id))
            continue
        found += [(share, giver, entry) for entry in entries]
    return found


async def _passages(
    session: AsyncSession,
    actor: Actor,
    gpt: Gpt,
    held: Sequence[tuple[GptShare, Gpt, Entry]],
    question: str,
    most: int,
) -> list[SharedPassage]:
    """Files are searched for those alone who may use the GPT that gets them, as its own are."""
    files = {UUID(entry.known_id): (share, giver.name, entry) for share, giver, entry in held if entry.known_id}
    if not files or not gpts.may_use(actor, gpt):
        return []
    found = await knowledge.find_among(session, actor.organization, files, question, most)
    return [SharedPassage(*files[each.known.id], each) for each in found]


def _item(each: SharedPassage) -> Item:
    place, of = each.passage.found.place, each.passage.file.passages
    title = f"{each.entry.title} (part {place + 1} of {of})" if of > 1 else each.entry.title
    source_id = f"{each.share.id}-{each.passage.known.id}.{place + 1}"
    weight = WEIGHT * each.passage.found.score
    return Item(Given.shared, source_id, each.share.version, title, each.passage.found.text, weight)
