"""Violations of an address, weighed in Redis; too many block it for a time that grows.

The rule. What happened at an address in the last ten to fifteen minutes is added up by weight. Failed sign-ins and
other violations of one account count up to ``MOST_OF_ONE``: whoever forgot a password is slowed down by name, not the
whole building. The address is blocked when the sum passes ``LIMIT`` plus ``FOR_EACH`` for every different person who
was there with success in the same time (at most ``MOST_PEOPLE``): one stranger who tries passwords stands out, thirty
pupils of whom a few are clumsy do not. The first block lasts five minutes, each further one twice as long up to a day;
a week without one is forgotten. IPv6 is counted by its /64, which is what one subscriber has. Loopback is never
blocked: behind a proxy that is not configured, that would be everybody.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from uuid import UUID

import structlog

from faraday_app.core.addresses.client import is_loopback, place_of
from faraday_app.core.addresses.gate import blocks
from faraday_app.core.outbox import publish_now
from faraday_app.core.redis import redis

LIMIT, FOR_EACH, MOST_PEOPLE, MOST_OF_ONE = 100, 25, 40, 50
FIRST, LONGEST = 300, 86_400  # seconds of a block
BUCKET = 300  # seconds; three of them are looked at
FORGET = 7 * 86_400  # seconds
MOST_BLOCKS = 2_000
MOST_WAITING = 1_000
GREET_EVERY = 60.0  # seconds
_log = structlog.get_logger(__name__)


class Violation(StrEnum):
    sign_in = "sign_in"
    key = "key"
    forged_id = "forged_id"
    limit = "limit"
    handler = "handler"


WEIGHTS = {
    Violation.sign_in: 5,
    Violation.key: 5,
    Violation.forged_id: 1,
    Violation.limit: 1,
    Violation.handler: 5,
}
WORDS = {
    Violation.sign_in: "failed sign-ins",
    Violation.key: "unknown API keys",
    Violation.forged_id: "guessed ids",
    Violation.limit: "calls beyond a limit",
    Violation.handler: "forbidden actions",
}

# KEYS: the place. ARGV: field, weight, then the constants. Answers score, people, and seconds of a new block or 0.
_WEIGH = """
local now = tonumber(redis.call('TIME')[1])
local place, limit, each = KEYS[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local bucket = math.floor(now / tonumber(ARGV[7]))
local here = place .. ':v:' .. bucket
local what = ARGV[1]
if redis.call('HEXISTS', here, what) == 0 and redis.call('HLEN', here) >= 500 then what = 'others|' end
redis.call('HINCRBY', here, what, ARGV[2])
redis.call('EXPIRE', here, tonumber(ARGV[7]) * 4)
if redis.call('EXISTS', place .. ':until') == 1 then return {0, 0, 0, 0} end
local sums, people = {}, {}
for back = 0, 2 do
  local found = redis.call('HGETALL', place .. ':v:' .. (bucket - back))
  for i = 1, #found, 2 do sums[found[i]] = (sums[found[i]] or 0) + tonumber(found[i + 1]) end
  for _, person in ipairs(redis.call('SMEMBERS', place .. ':g:' .. (bucket - back))) do people[person] = true end
end
local by, score, count = {}, 0, 0
for field, sum in pairs(sums) do
  local account = string.match(field, '|(.+)$')
  if account then by[account] = (by[account] or 0) + sum else score = score + sum end
end
for _, sum in pairs(by) do score = score + math.min(sum, tonumber(ARGV[6])) end
for _ in pairs(people) do count = count + 1 end
count = math.min(count, tonumber(ARGV[5]))
if score <= limit + each * count then return {score, count, 0, 0} end
local level = redis.call('INCR', place .. ':level')
redis.call('EXPIRE', place .. ':level', tonumber(ARGV[10]))
local lasts = math.min(tonumber(ARGV[8]) * 2 ^ (math.min(level, 20) - 1), tonumber(ARGV[9]))
redis.call('SET', place .. ':until', now + lasts, 'EX', lasts)
for back = 0, 2 do redis.call('DEL', place .. ':v:' .. (bucket - back)) end
local kinds = {}
for field, sum in pairs(sums) do
  local kind = string.match(field, '^[^|]*')
  kinds[kind] = (kinds[kind] or 0) + sum
end
return {score, count, lasts, level, cjson.encode(kinds), now}
"""


@dataclass(frozen=True, slots=True)
class Block:
    """An automatic block. Times are seconds since the epoch; ``causes`` are weights by kind of violation."""

    place: str
    since: float
    until: float
    level: int
    score: int
    people: int
    causes: dict[str, int] = field(default_factory=dict)
    organizations: list[str] = field(default_factory=list)


class Abuse:
    """Notes are taken beside the call they are about, which does not wait for them."""

    def __init__(self) -> None:
        self.on_block: list[Callable[[Block], Awaitable[None]]] = []
        self.spares: Callable[[str, list[str]], Awaitable[bool]] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._greeted: dict[tuple[str, str], float] = {}

    def note(self, address: str, kind: Violation, account: object = "", organization_id: UUID | None = None) -> None:
        """Something was done at an address that honest use seldom does. ``account``: against or by whom, if known."""
        if (place := place_of(address)) and not is_loopback(address):
            self._start(self._weigh(place, kind, str(account or ""), str(organization_id or "")))

    def greet(self, address: str, user_id: UUID | None) -> None:
        """A person is there with success."""
        place, now = place_of(address), time.monotonic()
        if not place or user_id is None or self._greeted.get((place, str(user_id)), 0.0) > now:
            return
        if len(self._greeted) >= 20_000:
            self._greeted.clear()
        self._greeted[place, str(user_id)] = now + GREET_EVERY
        self._start(self._greet(place, str(user_id)))

    async def settled(self) -> None:
        """Until everything noted so far is weighed."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: "Awaitable[None]") -> None:
        if len(self._tasks) >= MOST_WAITING:
            work.close()  # type: ignore[attr-defined]
            return
        self._tasks.add(task := asyncio.ensure_future(work))
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.warning("violation_not_weighed", error=str(error) or type(error).__name__)

    async def _greet(self, place: str, person: str) -> None:
        key = f"abuse:{place}:g:{int(time.time()) // BUCKET}"
        async with redis().pipeline(transaction=False) as pipeline:
            pipeline.sadd(key, person)
            pipeline.expire(key, BUCKET * 4)
            await pipeline.execute()

    async def _weigh(self, place: str, kind: Violation, account: str, organization: str) -> None:
        client, key = redis(), f"abuse:{place}"
        if organization:
            await client.sadd(f"{key}:o", organization)  # type: ignore[misc]
            await client.expire(f"{key}:o", BUCKET * 4)
        weighed = await client.eval(  # type: ignore[misc]
            _WEIGH, 1, key, f"{kind}|{account}" if account else kind, WEIGHTS[kind],
            LIMIT, FOR_EACH, MOST_PEOPLE, MOST_OF_ONE, BUCKET, FIRST, LONGEST, FORGET,
        )  # fmt: skip
        score, people, lasts, level, *more = weighed
        if lasts:
            touched = sorted(await client.smembers(f"{key}:o"))  # type: ignore[misc]
            causes = {str(kind): int(sum) for kind, sum in json.loads(more[0]).items()}
            since = float(more[1])
            await self._block(Block(place, since, since + lasts, level, score, people, causes, touched))

    async def _block(self, block: Block) -> None:
        client = redis()
        if self.spares and await self.spares(block.place, block.organizations):
            await client.delete(f"abuse:{block.place}:until", f"abuse:{block.place}:level")
            return
        async with client.pipeline(transaction=True) as pipeline:
            pipeline.zremrangebyscore("address_blocks", "-inf", time.time())
            pipeline.zadd("address_blocks", {block.place: block.until})
            pipeline.zremrangebyrank("address_blocks", 0, -MOST_BLOCKS - 1)
            pipeline.set(f"abuse:{block.place}:why", json.dumps(asdict(block)), exat=int(block.until))
            await pipeline.execute()
        blocks.forget()
        await publish_now("address_blocks:all")
        _log.warning("address_blocked", place=block.place, score=block.score, level=block.level)
        for told in self.on_block:
            await told(block)


abuse = Abuse()


async def load_blocks() -> dict[str, float]:
    """The places that are blocked now, with the end of each."""
    client, now = redis(), time.time()
    found = await client.zrangebyscore("address_blocks", now, "+inf", withscores=True, start=0, num=MOST_BLOCKS)
    return {place: float(until) for place, until in found}


async def list_blocks() -> list[Block]:
    """All of them with their reasons, the newest first."""
    places = list(await load_blocks())
    if not places:
        return []
    found = await redis().mget([f"abuse:{place}:why" for place in places])
    return sorted((Block(**json.loads(each)) for each in found if each), key=lambda block: -block.since)


async def release(place: str) -> bool:
    """End a block now and begin anew with that place; whether there was one."""
    client = redis()
    removed = await client.zrem("address_blocks", place)
    keys = [f"abuse:{place}:{part}" for part in ("until", "level", "why", "o")]
    bucket = int(time.time()) // BUCKET
    await client.delete(*keys, *(f"abuse:{place}:v:{bucket - back}" for back in range(3)))
    blocks.forget()
    await publish_now("address_blocks:all")
    return bool(removed)


def install() -> None:
    """Have this worker know the blocks of all. Once per process."""
    blocks.install(load_blocks)
