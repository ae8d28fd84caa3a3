"""The audit trail: what an event costs, alone and within a transaction that is open anyway, and what proof costs."""

import asyncio
import os
import random
import time

import psycopg

from benchmarks.figures import Figure, milliseconds, rate, spread
from benchmarks.school import actor_of
from benchmarks.served import Served
from faraday_app.core import closing
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.security.service import chain, record
from faraday_app.security.service.verifying import Outcome, verify

WRITERS = 8
APPEND = 5.0  # milliseconds that 95 of 100 stay below
VERIFY = 60.0  # seconds for a million events
MILLION = 1_000_000
PACE = 25  # events a second of each writer: together 17 million a day


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Against the instance's own PostgreSQL, from this process."""
    (administrator,) = await app.sign_in(1)
    actor = await actor_of(administrator)
    times = 50 if quick else 300
    await _alone(actor, 20)
    await _together(actor, 5, 0)  # opens the connections that they all need
    alone = [await _alone(actor, 1) for _ in range(times)]
    within = await _within(actor, times)
    paced = await _together(actor, times, 1 / PACE)
    begun = time.perf_counter()
    hurried = await _together(actor, times, 0)
    per_second = WRITERS * times / (time.perf_counter() - begun)
    note = "begin, scope, insert, commit to disk and the fact to Valkey"
    pace = f"each {PACE} times a second; {note}"
    return [
        spread("audit event, own transaction", "ms", milliseconds(alone), note=note),
        spread("audit event, within one", "ms", milliseconds(within), note="insert alone"),
        spread(f"audit event, {WRITERS} writers", "ms", paced, target=APPEND, note=pace),
        spread("the same without a rest", "ms", hurried, target=APPEND, note="one process, which they keep busy"),
        rate("audit events without a rest", "/s", per_second, "each in a transaction of its own"),
        await _proof(actor, 50_000 if quick else MILLION),
    ]


async def _proof(actor: Actor, count: int) -> Figure:
    """Recompute the whole trail after so many events were added and sealed."""
    await asyncio.to_thread(_add, actor, count)
    while await chain.seal(actor.organization_id):
        pass
    url = os.environ["DATABASE_URL"].replace("+psycopg", "")
    begun, outcome = time.perf_counter(), Outcome()
    findings = await asyncio.to_thread(verify, url, outcome)
    took = time.perf_counter() - begun
    if findings or outcome.events < count:
        raise RuntimeError(f"{outcome.events} of {count} events were verified: {findings}")
    name = f"audit trail of {count:,} events verified"
    return Figure(name, "s", took, target=VERIFY * count / MILLION, note="every hash recomputed, in one process")


def _add(actor: Actor, count: int) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"].replace("+psycopg", "")) as connection:
        connection.execute("select set_config('app.system', 'on', true)")
        connection.execute(
            "insert into audit_events (id, created_at, organization_id, actor_id, actor_name, action, target_type,"
            " details, address) select gen_random_uuid(), now(), %s, %s, 'Jonas Prie', 'benchmark.appended', 'runs',"
            " jsonb_build_object('number', n, 'name', 'Essay on light'), '203.0.113.7' from generate_series(1, %s) n",
            [actor.organization_id, actor.user_id, count],
        )


async def _alone(actor: Actor, times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        async with transaction(actor) as session:
            record(session, actor, "benchmark.appended")
    return time.perf_counter() - begun


async def _together(actor: Actor, times: int, rest: float) -> list[float]:
    """Milliseconds of each event while all write, each of them after such a rest."""
    samples = await asyncio.gather(*(_writing(actor, times, rest) for _ in range(WRITERS)))
    return milliseconds([each for writer in samples for each in writer])


async def _writing(actor: Actor, times: int, rest: float) -> list[float]:
    samples = []
    for _ in range(times):
        await asyncio.sleep(rest * random.uniform(0.5, 1.5))
        samples.append(await _alone(actor, 1))
    return samples


async def _within(actor: Actor, times: int) -> list[float]:
    samples = []
    async with transaction(actor) as session:
        for _ in range(times):
            begun = time.perf_counter()
            record(session, actor, "benchmark.appended")
            await closing.write(session)
            samples.append(time.perf_counter() - begun)
    return samples
