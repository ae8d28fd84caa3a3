"""Facts that leave when a transaction has committed: ``{topic, id, version}``, nothing personal."""

import asyncio
import json
import time
from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.redis import RedisError, redis

CHANNEL = "faraday:facts"
SOON = 0.1  # seconds
_KEY = "facts"
_soon: dict[str, None] = {}
_sending: set[asyncio.Task[None]] = set()
_log = structlog.get_logger(__name__)

Fact = dict[str, str | int]

# Whoever must not go by what is no longer true hears here at once what this worker changed, and over Redis the rest.
HERE: list[Callable[[Fact], None]] = []


def topic(kind: str, id: UUID | str) -> str:
    """The name under which open pages watch a thing, for example ``context:0193…``."""
    return f"{kind}:{id}"


def publish_on_commit(session: AsyncSession, topic: str, id: UUID | str = "") -> None:
    """Have everybody who watches the topic read again once this transaction has committed."""
    session.info.setdefault(_KEY, {})[topic, str(id)] = None


def taken_from(session: AsyncSession) -> list[Fact]:
    return [_fact(topic, id) for topic, id in session.info.pop(_KEY, {})]


async def publish_now(*topics: str) -> None:
    """For facts that no transaction carries, such as presence."""
    await publish([_fact(topic, "") for topic in topics])


def publish_soon(*topics: str) -> None:
    """For what many calls change many times a second: once for each topic within ``SOON`` seconds."""
    if not _soon and topics:
        asyncio.get_running_loop().call_later(SOON, _send_soon)
    _soon.update((topic, None) for topic in topics)


def _send_soon() -> None:
    topics = list(_soon)
    _soon.clear()
    task = asyncio.get_running_loop().create_task(publish_now(*topics))
    _sending.add(task)
    task.add_done_callback(_sending.discard)


async def publish(facts: list[Fact]) -> None:
    """Without Redis the facts are dropped: every page reads everything again when the listener is back."""
    if not facts:
        return
    for heard in HERE:
        for fact in facts:
            heard(fact)
    try:
        async with redis().pipeline(transaction=False) as pipeline:
            for fact in facts:
                pipeline.publish(CHANNEL, json.dumps(fact))
            await pipeline.execute()
    except RedisError as error:
        _log.warning("facts_dropped", count=len(facts), error=str(error))


def _fact(topic: str, id: str) -> Fact:
    return {"topic": topic, "id": id, "version": time.time_ns()}
