"""The log of a running answer: written by the worker that runs it, followed once by each worker that shows it.

A Redis stream per run holds the pieces in order, so that a reload, a second tab or a
lost connection begins again at the start of the log and misses nothing.
"""

import asyncio
from collections.abc import Callable
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


class Followers:
    """One reader per run and worker, however many tabs watch."""

    def __init__(self) -> None:
        self._texts: dict[UUID, str] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}

    def text(self, run_id: UUID) -> str:
        """What this worker has seen of the answer so far."""
        return self._texts.get(run_id, "")

    def follow(self, run_id: UUID, on_news: Callable[[UUID], None], is_watched: Callable[[UUID], bool]) -> None:
        """Read the log from its start and tell of news, until it ends or nobody watches any more."""
        if run_id not in self._tasks:
            self._tasks[run_id] = asyncio.create_task(self._read(run_id, on_news, is_watched), name=f"follow {run_id}")

    async def _read(self, run_id: UUID, on_news: Callable[[UUID], None], is_watched: Callable[[UUID], bool]) -> None:
        last, idle = "0", 0
        try:
            while idle < KEPT_FOR and (idle == 0 or is_watched(run_id)):
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
                self._texts[run_id] = self._texts.get(run_id, "") + "".join(
                    fields.get("text", "") for _, fields in entries
                )
                on_news(run_id)
                if any("end" in fields for _, fields in entries):
                    return
        finally:
            self._tasks.pop(run_id, None)
            # The finished message is in the database by now; a tab that is a little late reads it there.
            asyncio.get_running_loop().call_later(5, self._texts.pop, run_id, None)


followers = Followers()
