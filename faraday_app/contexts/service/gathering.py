"""Everything that a model could be given beside the conversation, from all its sources.

A source answers for one kind of thing: the conversation's data, a GPT's knowledge, memory, a summary of old turns.
"""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service import memory, notes, shares, sources, summaries
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.core.permissions import Actor

Source = Callable[[AsyncSession, Actor, Occasion], Awaitable[Sequence[Item]]]
SOURCES: tuple[Source, ...] = (
    notes.source,
    sources.of_data,
    sources.of_knowledge,
    memory.remembered,
    shares.shared,
    summaries.source,
)


def _nothing(_occasion: Occasion) -> bool:
    return True


# What is the same whoever answers, and what it depends on of whoever does.
OF_THE_CONVERSATION: dict[Source, Callable[[Occasion], bool]] = {
    notes.source: _nothing,
    sources.of_data: _nothing,
    summaries.source: _nothing,
    memory.remembered: memory.lets_read,
}
Same = dict[tuple[Source, bool], Sequence[Item]]


async def gather(session: AsyncSession, actor: Actor, occasion: Occasion, same: Same | None = None) -> tuple[Item, ...]:
    """Under the rights of whoever asks; without what the conversation leaves out.

    ``same`` is filled with what does not depend on who answers, and spares asking for it again: for one question and
    one moment.
    """
    found: list[Item] = []
    for source in SOURCES:
        depends = OF_THE_CONVERSATION.get(source)
        key = (source, depends(occasion)) if depends else None
        known = same.get(key) if same is not None and key else None
        if known is None:
            known = await source(session, actor, occasion)
            if same is not None and key:
                same[key] = known
        found += known
    left_out = set(occasion.context.left_out)
    return tuple(item for item in found if item.key not in left_out and item.text.strip())
