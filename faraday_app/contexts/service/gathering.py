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


# What is the same whoever answers.
OF_THE_CONVERSATION = frozenset({notes.source, sources.of_data, summaries.source})
Same = dict[Source, Sequence[Item]]


async def gather(session: AsyncSession, actor: Actor, occasion: Occasion, same: Same | None = None) -> tuple[Item, ...]:
    """Under the rights of whoever asks; without what the conversation leaves out.

    ``same`` is filled with what does not depend on who answers, and spares asking for it again: for one question and
    one moment.
    """
    found: list[Item] = []
    for source in SOURCES:
        known = same.get(source) if same is not None else None
        if known is None:
            known = await source(session, actor, occasion)
            if same is not None and source in OF_THE_CONVERSATION:
                same[source] = known
        found += known
    left_out = set(occasion.context.left_out)
    return tuple(item for item in found if item.key not in left_out and item.text.strip())
