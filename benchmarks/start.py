"""Warm start: from the launcher's first breath until everything answers."""

import asyncio
from statistics import median

from benchmarks.figures import Figure
from benchmarks.served import Served

TARGET = PEER = 20.0  # s


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Stops and starts the instance: its pages are built and its data is there."""
    await app.sign_out()
    starts = []
    for _ in range(1 if quick else 3):
        await asyncio.to_thread(app.stop)
        starts.append(await asyncio.to_thread(app.start, 60))
    note = f"until /health/ready answers 200, with PostgreSQL, Valkey and the model; the slowest {max(starts):.1f} s"
    return [Figure("warm start", "s", median(starts), target=TARGET, peer=PEER, note=note)]
