"""A shared conversation: from one person's click to what a second one sees."""

import asyncio

from benchmarks.figures import Figure, milliseconds, spread
from benchmarks.people import Tab
from benchmarks.school import begin_conversation
from benchmarks.served import Served
from faraday_app.contexts.state import ThreadState

TARGET = 100.0  # ms


async def measure(app: Served, quick: bool) -> list[Figure]:
    """The whole way: event, transaction, fact, second tab's refresh under its own rights, delta."""
    owner, reader = (await app.sign_in(2))[:2]
    context_id = await begin_conversation(owner, "Fractions", reader)
    path = f"/assistant/{context_id}"
    async with owner.tab(path) as writing, reader.tab(path) as reading:
        await asyncio.sleep(1)
        samples = [await _rename(writing, reading, n) for n in range(10 if quick else 40)]
    note = "from the owner's event, before its commit, to the other person's delta"
    return [spread("shared conversation, second person", "ms", milliseconds(samples), target=TARGET, note=note)]


async def _rename(writing: Tab, reading: Tab, n: int) -> float:
    title = f"Fractions, part {n + 1}"
    shown = reading.expect(f'"title_rx_state_":"{title}"', ThreadState.get_full_name())
    sent = await writing.send(f"{ThreadState.get_full_name()}.rename", form={"title": title})
    took = (await shown).at - sent
    await asyncio.sleep(0.25)
    return took
