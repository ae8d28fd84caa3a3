"""Credits: a hold before each answer and a settlement after it, on one wallet and on many."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

from benchmarks.figures import Figure, milliseconds, percentile, rate
from benchmarks.school import actor_of
from benchmarks.served import Served
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.credits import service as credits

CONNECTIONS = 16
HELD, COST = 20_000, 1_000  # micro-credits
LIFETIME = timedelta(minutes=5)


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Two transactions each: the person's hold and Faraday's settlement, with their facts."""
    payers = [await actor_of(person) for person in await app.sign_in(CONNECTIONS)]
    times = 40 if quick else 200
    await _pay(payers[0], 10)
    return [
        await _figure("1 wallet, 1 connection", payers[:1], times),
        await _figure(f"1 wallet, {CONNECTIONS} connections", payers[:1] * CONNECTIONS, times // 4),
        await _figure(f"{CONNECTIONS} wallets, {CONNECTIONS} connections", payers, times // 4),
    ]


async def _figure(name: str, payers: Sequence[Actor], times: int) -> Figure:
    begun = time.perf_counter()
    found = await asyncio.gather(*(_pay(payer, times) for payer in payers))
    took = time.perf_counter() - begun
    samples = milliseconds([each for samples in found for each in samples])
    note = f"each pair {percentile(samples, 50):.1f} ms p50, {percentile(samples, 95):.1f} ms p95"
    return rate(f"hold + settle, {name}", "/s", len(samples) / took, note)


async def _pay(payer: Actor, times: int) -> list[float]:
    samples = []
    faraday = Actor.system(payer.organization)
    for _ in range(times):
        begun = time.perf_counter()
        async with transaction(payer) as session:
            held = await credits.hold(session, payer, HELD, LIFETIME)
        async with transaction(faraday) as session:
            await credits.settle(session, held.id, COST, "Benchmark", str(new_id()))
        samples.append(time.perf_counter() - begun)
    return samples
