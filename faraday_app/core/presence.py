"""Who is here: open tabs by topic, in Redis, each forgotten when its worker stops renewing it."""

import time
from uuid import UUID

from faraday_app.core.redis import redis

RENEW_EVERY = 10.0  # seconds
FORGOTTEN_AFTER = 25.0
SIGN_LASTS = 12.0  # seconds: a caret that has not moved for that long is nobody's any more


def _key(topic: str) -> str:
    return f"presence:{topic}"


async def arrive(entries: list[tuple[str, UUID, str]]) -> None:
    """Note or renew (topic, person, tab) entries."""
    if not entries:
        return
    until = time.time() + FORGOTTEN_AFTER
    async with redis().pipeline(transaction=False) as pipeline:
        for topic, user_id, tab in entries:
            pipeline.zadd(_key(topic), {f"{user_id}|{tab}": until})
            pipeline.expire(_key(topic), int(FORGOTTEN_AFTER) + 5)
        await pipeline.execute()


async def leave(topic: str, user_id: UUID, tab: str) -> None:
    await redis().zrem(_key(topic), f"{user_id}|{tab}")


async def who(topic: str) -> set[UUID]:
    """The people with at least one tab open on the topic."""
    members = await redis().zrangebyscore(_key(topic), time.time(), "+inf")
    return {UUID(str(member).partition("|")[0]) for member in members}


async def sign(topic: str, user_id: UUID, tab: str, words: str) -> None:
    """What somebody shows of themselves on a topic, such as where their caret is: a moment long, kept nowhere."""
    async with redis().pipeline(transaction=False) as pipeline:
        pipeline.hset(_signs(topic), f"{user_id}|{tab}", f"{time.time() + SIGN_LASTS}|{words}")
        pipeline.expire(_signs(topic), int(SIGN_LASTS) + 5)
        await pipeline.execute()


async def signs(topic: str) -> dict[tuple[UUID, str], str]:
    """By person and tab."""
    found: dict[tuple[UUID, str], str] = {}
    for key, value in (await redis().hgetall(_signs(topic))).items():  # type: ignore[misc]
        user_id, _, tab = str(key).partition("|")
        until, _, words = str(value).partition("|")
        if float(until) > time.time():
            found[UUID(user_id), tab] = words
    return found


def _signs(topic: str) -> str:
    return f"signs:{topic}"
