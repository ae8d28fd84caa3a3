"""Push: one change, and how long until everybody who watches has it in their tab."""

import asyncio
import time
from uuid import UUID

from benchmarks.events import tabs
from benchmarks.figures import Figure, milliseconds, spread
from benchmarks.people import Person, Tab
from benchmarks.school import actor_of, begin_conversation
from benchmarks.served import Served
from faraday_app.contexts.engine import Progress, close_books
from faraday_app.contexts.models import Run
from faraday_app.contexts.service import runs, streams
from faraday_app.contexts.state import RunningState, ThreadState
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor

PEOPLE, TABS_EACH = 50, 4
TARGET = 150.0  # ms until 95 % of the tabs have it
WORDS = ("leaf", "light", "sugar", "water", "air", "green", "sun", "root", "stem", "cell", "night", "day")


async def measure(app: Served, quick: bool) -> list[Figure]:
    """A conversation that fifty people have open in four tabs each."""
    people = await app.sign_in(PEOPLE)
    owner = people[0]
    context_id = await begin_conversation(owner, "Photosynthesis", *people[1:])
    begun = time.perf_counter()
    async with tabs(people, f"/assistant/{context_id}", TABS_EACH) as watching:
        opened = time.perf_counter() - begun
        await asyncio.sleep(2)
        renamed = [await _rename(watching, n) for n in range(3 if quick else 8)]
        pieces = await _answer(owner, context_id, watching, 4 if quick else 12)
    count = len(watching)
    note = f"{PEOPLE} people, tabs opened within {opened:.1f} s; from the owner's event to each tab's delta"
    return [
        _figure(f"push to {count}, a new title", renamed, note),
        _figure(f"push to {count}, words of an answer", pieces, "from before the append to the run's stream"),
    ]


async def _rename(watching: list[Tab], n: int) -> list[float]:
    """Seconds until each tab shows the new title."""
    title = f"Photosynthesis, part {n + 1}"
    shown = [tab.expect(f'"title_rx_state_":"{title}"', ThreadState.get_full_name()) for tab in watching]
    begun = await watching[0].send(f"{ThreadState.get_full_name()}.rename", form={"title": title})
    arrived = [each.at - begun for each in await asyncio.gather(*shown)]
    await asyncio.sleep(1.5)
    return arrived


async def _answer(owner: Person, context_id: UUID, watching: list[Tab], pieces: int) -> list[list[float]]:
    """An answer that no model writes: its words go to the stream from here, as a worker's would."""
    actor = await actor_of(owner)
    following = [tab.expect('"waiting_rx_state_":true', RunningState.get_full_name()) for tab in watching]
    async with transaction(actor) as session:
        run = await runs.ask(session, actor, context_id, "How does a leaf make sugar?")
    await asyncio.gather(*following)
    await asyncio.sleep(1.5)
    try:
        return [await _append(run, watching, n) for n in range(pieces)]
    finally:
        await streams.close(run.id)
        async with transaction(Actor.system(run.organization_id)) as session:
            await close_books(session, run.id, Progress(text=" ".join(WORDS), pieces=pieces))


async def _append(run: Run, watching: list[Tab], n: int) -> list[float]:
    word = f"{WORDS[n % len(WORDS)]}{n}"
    shown = [tab.expect(word, RunningState.get_full_name()) for tab in watching]
    begun = time.perf_counter()
    await streams.append(run.id, f" {word}")
    arrived = [each.at - begun for each in await asyncio.gather(*shown)]
    await asyncio.sleep(0.4)
    return arrived


def _figure(name: str, rounds: list[list[float]], note: str) -> Figure:
    last = sorted(max(arrived) for arrived in rounds)[len(rounds) // 2] * 1000
    samples = milliseconds([each for arrived in rounds for each in arrived])
    return spread(name, "ms", samples, target=TARGET, note=f"{note}; the last of a round after {last:.0f} ms")
