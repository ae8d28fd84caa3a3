"""Memory: the instance at rest, and what each connected tab adds."""

import asyncio

import psutil

from benchmarks.events import tabs
from benchmarks.figures import Figure
from benchmarks.served import Served

MB = 1_000_000
PEER = 1_190.0  # all of Open WebUI beside the model
PEOPLE, TABS_EACH = 50, 4
PAGES = ("/", "/assistant", "/credits")


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Before anything else has grown it; pages that several processes share count once."""
    people = await app.sign_in(PEOPLE)
    for page in PAGES:
        async with tabs(people[:3], page):
            await asyncio.sleep(0.5)
    rest = _held(app)
    before = _app(app)
    async with tabs(people, "/assistant", TABS_EACH) as connected:
        await asyncio.sleep(1)
        each = (_app(app) - before) / len(connected)
    named = ", ".join(f"{name} {size:.0f}" for name, size in rest.items())
    beside = sum(size for name, size in rest.items() if name != "model")
    note = "all processes but the model server; the peer's figure is its own process beside the same model"
    return [
        Figure("memory, app", "MB", rest["app"], note=f"by process: {named}"),
        Figure("memory, without the model", "MB", beside, target=PEER, peer=PEER, note=note),
        Figure("memory, everything", "MB", sum(rest.values())),
        Figure(
            "memory per connected tab", "MB", each, note=f"{len(connected)} tabs on the assistant, hydrated, minus none"
        ),
    ]


def _app(app: Served) -> float:
    return _size(app.processes()["app"])


def _held(app: Served) -> dict[str, float]:
    return {name: _size(processes) for name, processes in app.processes().items()}


def _size(processes: list[psutil.Process]) -> float:
    """Megabytes in memory; where the system tells it, each page shared with others only in part."""
    total = 0
    for process in processes:
        full = process.memory_full_info()
        total += getattr(full, "pss", 0) or full.rss
    return total / MB
