"""The ear of a worker: one subscription to Redis, and whoever in this process wants to hear."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator

import structlog

from faraday_app.core.outbox import CHANNEL, Fact
from faraday_app.core.redis import RedisError, redis

__all__ = ["Fact", "Listener", "listener"]

_log = structlog.get_logger(__name__)


class Listener:
    """Hands every fact to every listener, in order. After a gap, when facts may be lost, it says so."""

    def __init__(self) -> None:
        self.connected = False
        self._on_fact: list[Callable[[Fact], None]] = []
        self._on_gap: list[Callable[[], None]] = []
        self._watching: dict[str, list[Callable[[], None]]] = defaultdict(list)

    def on_fact(self, callback: Callable[[Fact], None]) -> None:
        self._on_fact.append(callback)

    def on_gap(self, callback: Callable[[], None]) -> None:
        self._on_gap.append(callback)

    @contextlib.contextmanager
    def watching(self, *topics: str, callback: Callable[[], None]) -> Iterator[None]:
        """For as long as the block lasts: a call at each fact of these topics, and when some may have been lost."""
        for topic in topics:
            self._watching[topic].append(callback)
        try:
            yield
        finally:
            for topic in topics:
                self._watching[topic].remove(callback)
                if not self._watching[topic]:
                    del self._watching[topic]

    async def run(self) -> None:
        """Listen until cancelled, reconnecting for as long as it takes."""
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                _log.warning("facts_interrupted", error=str(error))
            finally:
                self.connected = False
            await asyncio.sleep(0.25)

    async def _listen(self) -> None:
        async with redis().pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            self.connected = True
            for callback in [*self._on_gap, *(each for watch in self._watching.values() for each in watch)]:
                callback()
            while True:
                message = await subscription.get_message(ignore_subscribe_messages=True, timeout=5)
                if message:
                    self._hear(json.loads(message["data"]))

    def _hear(self, fact: Fact) -> None:
        for callback in self._on_fact:
            try:
                callback(fact)
            except Exception:
                _log.exception("fact_failed", topic=fact["topic"])
        for watcher in list(self._watching.get(str(fact["topic"]), ())):
            watcher()


listener = Listener()
