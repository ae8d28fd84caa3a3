"""What a worker remembers of a store until a fact says that it changed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

from faraday_app.core import outbox
from faraday_app.core.errors import Unavailable
from faraday_app.core.facts import Fact, listener
from faraday_app.core.redis import RedisError

REMEMBERED_FOR = 60.0  # seconds; a fact ends it sooner
UNHEARD_FOR = 5.0  # seconds, while facts cannot reach us
TRY_AGAIN = 1.0  # seconds after the store did not answer
Value = TypeVar("Value")
_log = structlog.get_logger(__name__)


class Kept(Generic[Value]):
    """One value for the whole worker. While the store does not answer, the last one goes on being used."""

    def __init__(self, topic: str, empty: Value, patience: float = 5.0) -> None:
        self.topic = topic
        self._patience = patience  # seconds for which a call waits until the last value has to do
        self.value = empty
        self._empty = empty
        self._load: Callable[[], Awaitable[Value]] | None = None
        self._read_at = 0.0
        self._changes = 1
        self._known = 0
        self._lock = asyncio.Lock()

    def install(self, load: Callable[[], Awaitable[Value]]) -> None:
        first = self._load is None
        self._load, self._read_at, self.value = load, 0.0, self._empty
        self._lock = asyncio.Lock()
        if first:
            listener.on_fact(self._hear)
            outbox.HERE.append(self._hear)
            listener.on_gap(self.forget)

    def forget(self) -> None:
        self._changes += 1

    async def fresh(self) -> Value:
        """The value as it is now, as far as facts tell."""
        if self._load is not None and not self._is_fresh():
            async with self._lock:
                if not self._is_fresh():
                    await self._read()
        return self.value

    def _is_fresh(self) -> bool:
        age = time.monotonic() - self._read_at
        lasting = REMEMBERED_FOR if listener.connected else UNHEARD_FOR
        return self._read_at > 0 and self._known == self._changes and age < lasting

    async def _read(self) -> None:
        changes = self._changes
        assert self._load is not None
        try:
            self.value = await asyncio.wait_for(self._load(), self._patience)
        except (Unavailable, RedisError, OSError, TimeoutError) as error:
            _log.warning("not_read_again", what=self.topic, error=str(error) or type(error).__name__)
            self._read_at = time.monotonic() - UNHEARD_FOR + TRY_AGAIN
            self._known = changes
            asyncio.get_running_loop().call_later(TRY_AGAIN, self.forget)
            return
        self._read_at, self._known = time.monotonic(), changes

    def _hear(self, fact: Fact) -> None:
        if str(fact["topic"]).partition(":")[0] == self.topic:
            self.forget()
