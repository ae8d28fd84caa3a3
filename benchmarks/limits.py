"""Rate limits: whether all workers together decide rightly, how fast, and what the guard of an API request costs."""

import asyncio
import heapq
import os
import random
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.figures import Figure, milliseconds, rate, spread
from benchmarks.served import Served
from faraday_app.core.limits.gcra import Rule, decide_all
from faraday_app.core.limits.script import TAKE
from faraday_app.core.redis import redis

PROCESSES = 4
DECISIONS, QUICK_DECISIONS = 1_000_000, 100_000
AT_ONCE = 250  # decisions of a process that are under way together
KEYS = 40  # few, so that the processes meet at them
GUARD_TARGET = 5.0  # ms at p95
ROOT = Path(__file__).resolve().parents[1]
WIDTH = 9  # numbers for each decision


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Against the instance's own Valkey."""
    app.use_services()
    guard = await _guard(app, 100 if quick else 600)
    return [*await _decisions(QUICK_DECISIONS if quick else DECISIONS), guard]


async def _decisions(total: int) -> list[Figure]:
    """Four processes decide at the same keys; what they were told is replayed in the order of Redis."""
    await redis().delete("bench:limit:turn", *(f"bench:limit:{key}" for key in range(KEYS)))
    with TemporaryDirectory() as folder:
        begun = time.perf_counter()
        workers = [_worker(number, total // PROCESSES, Path(folder)) for number in range(PROCESSES)]
        for worker in workers:
            if await asyncio.to_thread(worker.wait):
                raise RuntimeError("A process that decides did not end well.")
        took = time.perf_counter() - begun
        decided, wrong = await asyncio.to_thread(_differences, Path(folder))
    note = f"of {decided:,} by {PROCESSES} processes at {KEYS} keys, two keys each, against a replay"
    return [
        Figure("wrong limit decisions", "", float(wrong), target=0.0, note=note),
        rate("limit decisions", "/s", decided / took, "two keys each, the processes' own start included"),
    ]


def _worker(number: int, decisions: int, folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks.limits", str(number), str(decisions), str(folder)]
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ))


def _rules() -> list[Rule]:
    """Of every temper: from one that refuses most to one that refuses few."""
    chance = random.Random(4)
    return [Rule(chance.randint(20, 40_000), chance.randint(1, 60)) for _ in range(KEYS)]


async def _decide(number: int, decisions: int, folder: Path) -> None:
    """One process: each line is the time and turn of Redis, the two keys, the cost, and whether it was allowed."""
    from redis.asyncio import Redis

    from faraday_app.core.settings import settings

    chance, rules = random.Random(number), _rules()
    client = Redis.from_url(settings().redis_url.get_secret_value(), decode_responses=True)
    script = await client.script_load(_COUNTED)
    lines = array("q")
    async with client:
        for begin in range(0, decisions, AT_ONCE):
            wanted = [_wanted(chance) for _ in range(min(AT_ONCE, decisions - begin))]
            async with client.pipeline(transaction=False) as pipeline:
                for first, second, cost in wanted:
                    numbers = [n for key in (first, second) for n in (rules[key].interval, rules[key].burst)]
                    keys = (f"bench:limit:{first}", f"bench:limit:{second}")
                    pipeline.evalsha(script, 3, *keys, "bench:limit:turn", cost, *numbers)
                answers = await pipeline.execute()
            for (first, second, cost), answer in zip(wanted, answers, strict=True):
                turn, now, *told = map(int, answer.split())
                lines.extend((turn, now, first, second, cost, told[0], told[4], told[1], told[5]))
    with (folder / f"{number}.decisions").open("wb") as file:
        lines.tofile(file)


# Decisions may share a microsecond: a turn of its own tells their order. The product's script stands as it is.
_COUNTED = f"""
local turn = redis.call('INCR', KEYS[3])
local function take(KEYS, ARGV) {TAKE} end
return turn .. ' ' .. take({{KEYS[1], KEYS[2]}}, ARGV)
"""


def _wanted(chance: random.Random) -> tuple[int, int, int]:
    first, second = chance.sample(range(KEYS), 2)
    return first, second, chance.choice((1, 1, 1, 2, 5))


def _read(path: Path) -> Iterator[tuple[int, ...]]:
    """What one process was told, in its order, which is that of its turns."""
    lines = array("q")
    lines.frombytes(path.read_bytes())
    for at in range(0, len(lines), WIDTH):
        yield tuple(lines[at : at + WIDTH])


def _differences(folder: Path) -> tuple[int, int]:
    """How many decisions there were, and how often the reference decides otherwise or says another wait."""
    rules, dues, decided, wrong = _rules(), [0] * KEYS, 0, 0
    for turn, now, first, second, cost, *told in heapq.merge(*map(_read, folder.glob("*.decisions"))):
        outcomes = decide_all([dues[first], dues[second]], now, [rules[first], rules[second]], cost)
        dues[first], dues[second] = outcomes[0].due, outcomes[1].due
        expected = [int(each.allowed) for each in outcomes] + [each.wait for each in outcomes]
        decided += 1
        wrong += expected != told or turn != decided
    return decided, wrong


async def _guard(app: Served, times: int) -> Figure:
    """From the outermost layer to the route: address, key, rights, limits. The real app, in this process, warm."""
    from faraday_app.core.facts import listener
    from faraday_app.core.http import Shield
    from faraday_app.core.http.passage import Passage
    from faraday_app.http import connect, http_app

    connect()
    listening = asyncio.create_task(listener.run())
    spent: list[float] = []

    async def timed(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await inner(scope, receive, send)
        if (passage := Passage.of(scope)) and passage.reached:
            spent.append(passage.reached - passage.begun)

    inner = http_app()
    keys = [account.api_key for account in app.accounts() if account.api_key]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Shield(timed, lambda path: None), client=("127.9.0.1", 1)),
        base_url=app.url,
    ) as client:
        warm = 2 * len(keys)  # after that every key is remembered
        for turn in range(warm + times):
            key = keys[turn % len(keys)]
            answer = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
            if answer.status_code != 200:
                raise RuntimeError(f"/api/v1/me answered {answer.status_code}.")
            await asyncio.sleep(0.01)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    note = "address rules, key, rights and limits of a request, in process and warm"
    return spread("guard of an API request", "ms", milliseconds(spent[warm:]), target=GUARD_TARGET, note=note)


if __name__ == "__main__":
    asyncio.run(_decide(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
