"""The answers of several GPTs as whoever follows them: every part as it comes, then the whole."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from faraday_app.contexts.models import Message
from faraday_app.contexts.service.answers import LOOK_AGAIN, set_within, topics
from faraday_app.contexts.service.lanes import Lanes
from faraday_app.contexts.service.streams import followers
from faraday_app.core.facts import listener
from faraday_app.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Began:
    part: Message
    run_id: UUID | None


@dataclass(frozen=True, slots=True)
class Came:
    """New text of a part; ``end`` is the length of its whole text with it, in characters."""

    part: Message
    text: str
    end: int


@dataclass(frozen=True, slots=True)
class Ended:
    part: Message


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign of life."""


News = Began | Came | Ended | Waiting | Lanes


async def follow(actor: Actor, found: Lanes, look: Callable[[], Awaitable[Lanes]]) -> AsyncIterator[News]:
    """Each part from its beginning, then all of them, finished. Holds no transaction.

    ``look`` reads them again under the rights of that moment, whenever those or the conversation may have changed;
    what it raises ends the following.
    """
    wake, doubts, is_open = asyncio.Event(), asyncio.Event(), True
    told = _Told()

    def doubt() -> None:
        doubts.set()
        wake.set()

    try:
        with listener.watching(*topics(actor, found.orchestration.context_id), callback=doubt):
            doubt()
            while True:
                silent = not await set_within(wake, LOOK_AGAIN)
                wake.clear()
                if silent or doubts.is_set():
                    doubts.clear()
                    found = await look()
                    for run_id in found.runs.values():
                        followers.follow(run_id, lambda _: wake.set(), lambda _: is_open)
                for news in told.news(found):
                    yield news
                if found.orchestration.finished_at:
                    yield found
                    return
                if silent:
                    yield Waiting()
    finally:
        is_open = False


class _Told:
    """What somebody has been told so far: how much of each part, and which of them have ended."""

    def __init__(self) -> None:
        self._lengths: dict[UUID, int] = {}
        self._ended: set[UUID] = set()

    def news(self, found: Lanes) -> list[News]:
        news: list[News] = []
        for part in found.parts:
            run_id = found.runs.get(part.id)
            if part.id not in self._lengths:
                self._lengths[part.id] = 0
                news.append(Began(part, run_id))
            text = part.content if part.finished_at else followers.text(run_id) if run_id else ""
            if len(text) > self._lengths[part.id]:
                news.append(Came(part, text[self._lengths[part.id] :], len(text)))
                self._lengths[part.id] = len(text)
            if part.finished_at and part.id not in self._ended:
                self._ended.add(part.id)
                news.append(Ended(part))
        return news
