"""What a question is given of the conversation's data, and of the files that the answering GPT knows.

What is short goes whole; of what is long, the passages that fit the question best. All of it is material
(service.assembly): what it tells a model to do has no force.
"""

from collections.abc import Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import DataItem, DataKind, Given, Reading, StoredFile
from faraday_app.contexts.service import chunking, data, knowledge, passages, ranking, stored
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.passages import Found
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import Unreadable

SHORT = 1_800  # characters that are given whole
MOST_PASSAGES = 12  # of all files of the conversation together
MOST_PARTS = 4  # of one long text
MOST_KNOWN = 8  # passages of what a GPT knows
WHOLE, FITTING, OPENING = 1.0, 0.9, 0.4  # weights
_log = structlog.get_logger(__name__)


async def of_data(session: AsyncSession, actor: Actor, occasion: Occasion) -> Sequence[Item]:
    """Everything that the conversation does not leave out."""
    left_out = set(occasion.context.left_out)
    items = [item for item in await data.present(session, occasion.context) if data.key_of(item) not in left_out]
    files = await stored.of(session, {item.file_id for item in items if item.file_id})
    ready = [file.id for file in files.values() if file.state == Reading.ready]
    found = await passages.find(session, actor.organization, ready, occasion.question, MOST_PASSAGES)
    given: list[Item] = []
    for item in items:
        file = files.get(item.file_id) if item.file_id else None
        try:
            if file is None or item.kind == DataKind.link:
                given += await _of_words(item, occasion.question)
            if file is not None and file.state == Reading.ready:
                given += await _of_file(session, item, file, found)
        except Unreadable:
            _log.warning("data_unreadable", item_id=str(item.id))
    return given


async def of_knowledge(session: AsyncSession, actor: Actor, occasion: Occasion) -> Sequence[Item]:
    """What the GPT's files say about the question; nothing where they say nothing about it."""
    if occasion.gpt is None:
        return []
    left_out = set(occasion.context.left_out)
    return [
        Item(
            Given.knowledge,
            f"{each.known.id}.{each.found.place + 1}",
            1,
            _part_title(each.file.name, each.found.place, each.file.passages),
            each.found.text,
            FITTING * each.found.score,
        )
        for each in await knowledge.find(session, actor, occasion.gpt, occasion.question, MOST_KNOWN)
        if f"{Given.knowledge}:{each.known.id}" not in left_out
    ]


async def _of_words(item: DataItem, question: str) -> list[Item]:
    text = await data.content_of(item)
    if len(text) <= SHORT:
        return [Item(Given.data, str(item.id), item.version, item.title, text, WHOLE)]
    table = item.kind == DataKind.table
    parts = [part.whole for part in (chunking.table_parts(text) if table else chunking.parts_of(text))]
    best = ranking.by_words(question, parts)[:MOST_PARTS]
    if not best:
        return [_part(item, place, len(parts), parts[place], OPENING) for place in range(min(2, len(parts)))]
    return [_part(item, place, len(parts), parts[place], FITTING * score / best[0][1]) for place, score in best]


async def _of_file(session: AsyncSession, item: DataItem, file: StoredFile, found: Sequence[Found]) -> list[Item]:
    if file.passages == 1:
        text = await stored.text_of(file)
        if len(text) <= SHORT:
            return [Item(Given.data, f"{item.id}.1", item.version, item.title, text, WHOLE)]
    fitting = [each for each in found if each.file_id == file.id]
    if not fitting:
        opening = await passages.first(session, file.id, 1)
        return [_part(item, each.place, file.passages, each.text, OPENING) for each in opening]
    return [_part(item, each.place, file.passages, each.text, FITTING * each.score) for each in fitting]


def _part(item: DataItem, place: int, of: int, text: str, weight: float) -> Item:
    return Item(Given.data, f"{item.id}.{place + 1}", item.version, _part_title(item.title, place, of), text, weight)


def _part_title(title: str, place: int, of: int) -> str:
    return f"{title} (part {place + 1} of {of})" if of > 1 else title
