"""From one long conversation to another, as a click in the list does it."""

import asyncio
import time

import psycopg

from benchmarks.conversations import Texts, owner, write
from benchmarks.figures import Figure, milliseconds, spread
from benchmarks.school import actor_of
from benchmarks.served import Served
from faraday_app.core.permissions import Actor

MESSAGES = 10_000
TARGET = 100.0  # ms


async def measure(app: Served, quick: bool) -> list[Figure]:
    """The whole way of a navigation: rights, thread, list and panes read anew, and what the page then holds."""
    (person,) = await app.sign_in(1)
    first, second = await asyncio.to_thread(_written, await actor_of(person))
    samples = []
    async with person.tab(first) as tab:
        for turn in range(4 + (10 if quick else 40)):
            await asyncio.sleep(0.3)
            begun = time.perf_counter()
            await tab.go(first if turn % 2 else second)
            if turn >= 4:
                samples.append(time.perf_counter() - begun)
    note = f"two of {MESSAGES:,} messages each, in turn"
    return [spread("switch of conversation", "ms", milliseconds(samples), target=TARGET, note=note)]


def _written(actor: Actor) -> list[str]:
    texts = Texts()
    with psycopg.connect(owner(), options="-c app.system=on") as connection:
        ids = write(connection, actor, [texts.turns(MESSAGES) for _ in range(2)])
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze messages")
    return [f"/assistant/{id}" for id in ids]
