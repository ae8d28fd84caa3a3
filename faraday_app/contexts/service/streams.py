"""The log of a running answer: written by the worker that runs it, followed once by each worker that shows it.

A Redis stream per run holds the pieces in order, so that a reload, a second tab or a
lost connection begins again at the start of the log and misses nothing.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context
from uuid import UUID

import structlog

from faraday_app.core.redis import RedisError, redis

KEPT_FOR = 900  # seconds after the last piece
_log = structlog.get_logger(__name__)


def _key(run_id: UUID) -> str:
    return f"run:{run_id}"


async def append(run_id: UUID, text: str) -> None:
    """Add a piece. Without Redis the answer goes on; watchers then see it when it is finished."""
    await _add(run_id, {"text": text})


async def claim(run_id: UUID) -> bool:
    """Whether this worker is the first to take the run on; a repeated request may reach another one.

    Without Redis it is: other workers could not hear of the run either.
    """
    try:
        return bool(await redis().set(f"{_key(run_id)}:claimed", "1", nx=True, ex=KEPT_FOR))
    except RedisError:
        return True


async def close(run_id: UUID) -> None:
    await _add(run_id, {"end": "1"})


async def logged_text(run_id: UUID) -> tuple[str, int]:
    """What came of an answer so far, and in how many pieces."""
    entries = await redis().xrange(_key(run_id))
    pieces = [fields["text"] for _, fields in entries if "text" in fields]
    return "".join(pieces), len(pieces)


async def _add(run_id: UUID, fields: dict[str, str]) -> None:
    try:
        async with redis().pipeline(transaction=False) as pipeline:
            pipeline.xadd(_key(run_id), fields)  # type: ignore[arg-type]
            pipeline.expire(_key(run_id), KEPT_FOR)
            await pipeline.execute()
    except RedisError as error:
        _log.warning("stream_interrupted", run_id=str(run_id), error=str(error))


OnNews = Callable[[UUID], None]
IsWatched = Callable[[UUID], bool]


class Followers:
    """One reader per run and worker, however many watch."""

    def __init__(self) -> None:
        self._texts: dict[UUID, str] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._watchers: dict[UUID, list[tuple[OnNews, IsWatched]]] = {}

    def text(self, run_id: UUID) -> str:
        """What this worker has seen of the answer so far."""
        return self._texts.get(run_id, "")

    def follow(self, run_id: UUID, on_news: OnNews, is_watched: IsWatched) -> None:
        """Read the log from its start and tell of news, until it ends or nobody watches any more."""
        watchers = self._watchers.setdefault(run_id, [])
        if (on_news, is_watched) not in watchers:
            watchers.append((on_news, is_watched))
        if run_id not in self._tasks:
            # It outlives whoever was first to look: nothing of their event goes along.
            self._tasks[run_id] = asyncio.create_task(self._read(run_id), name=f"follow {run_id}", context=Context())

    async def _read(self, run_id: UUID) -> None:
        text, last, idle = "", "0", 0
        try:
            while idle < KEPT_FOR and (idle == 0 or self._is_watched(run_id)):
                try:
                    found = await redis().xread({_key(run_id): last}, count=500, block=1000)
                except RedisError:
                    await asyncio.sleep(0.25)
                    idle += 1
                    continue
                if not found:
                    idle += 1
                    continue
                idle = 0
                entries = found[0][1] if isinstance(found, list) else next(iter(found.values()))[0]
                last = entries[-1][0]
                text += "".join(fields.get("text", "") for _, fields in entries)
                self._tell(run_id, text)
                if any("end" in fields for _, fields in entries):
                    return
        finally:
            self._tasks.pop(run_id, None)
            self._watchers.pop(run_id, None)
            # The finished message is in the database by now; a tab that is a little late reads it there.
            asyncio.get_running_loop().call_later(5, self._forget, run_id)

    def _tell(self, run_id: UUID, text: str) -> None:
        """A reader that began again at the start is behind what an earlier one has told: nothing is taken back."""
        if len(text) >= len(self.text(run_id)):
            self._texts[run_id] = text
        for on_news, _ in list(self._watchers.get(run_id, ())):
            on_news(run_id)

    def _is_watched(self, run_id: UUID) -> bool:
        self._watchers[run_id] = [each for each in self._watchers.get(run_id, ()) if each[1](run_id)]
        return bool(self._watchers[run_id])

    def _forget(self, run_id: UUID) -> None:
        if run_id not in self._tasks:
            self._texts.pop(run_id, None)


followers = Followers()
