"""The audit trail: what an event costs, alone and within a transaction that is open anyway."""

import asyncio
import time

from benchmarks.figures import Figure, milliseconds, rate, spread
from benchmarks.school import actor_of
from benchmarks.served import Served
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

WRITERS = 16


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Against the instance's own PostgreSQL, from this process."""
    (administrator,) = await app.sign_in(1)
    actor = await actor_of(administrator)
    times = 50 if quick else 300
    await _alone(actor, 20)
    alone = [await _alone(actor, 1) for _ in range(times)]
    within = await _within(actor, times)
    begun = time.perf_counter()
    await asyncio.gather(*(_alone(actor, times // 4) for _ in range(WRITERS)))
    per_second = WRITERS * (times // 4) / (time.perf_counter() - begun)
    note = "begin, scope, insert, commit to disk and the fact to Valkey"
    return [
        spread("audit event, own transaction", "ms", milliseconds(alone), note=note),
        spread("audit event, within one", "ms", milliseconds(within), note="insert alone"),
        rate(f"audit events, {WRITERS} writers", "/s", per_second, "each in a transaction of its own"),
    ]


async def _alone(actor: Actor, times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        async with transaction(actor) as session:
            record(session, actor, "benchmark.appended")
    return time.perf_counter() - begun


async def _within(actor: Actor, times: int) -> list[float]:
    samples = []
    async with transaction(actor) as session:
        for _ in range(times):
            begun = time.perf_counter()
            record(session, actor, "benchmark.appended")
            await session.flush()
            samples.append(time.perf_counter() - begun)
    return samples
