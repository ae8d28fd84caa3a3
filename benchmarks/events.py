"""Event round trip: from an event leaving a tab to the delta it brings about."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable

from benchmarks.figures import Figure, milliseconds, spread
from benchmarks.people import EVENTS_PER_SECOND, Person, Tab
from benchmarks.school import give_conversations
from benchmarks.served import Served
from faraday_app.contexts.state import ListingState, ThreadState

CLIENTS = 50
TARGET = 50.0  # ms
CONVERSATIONS = 5
Ask = Callable[[Tab, int], Awaitable[float]]


async def measure(app: Served, quick: bool) -> list[Figure]:
    """One client alone, then many at once, each sending again as soon as it was answered."""
    times = 30 if quick else 100
    people = await app.sign_in(CLIENTS + 2)
    await give_conversations(people, CONVERSATIONS)
    figures = []
    for kind, ask in {"no database": open_form, "database read": list_conversations}.items():
        async with tabs(people[:2][-1:]) as (alone,):
            samples = [await ask(alone, n) for n in range(times)]
        figures.append(spread(f"event, 1 client, {kind}", "ms", milliseconds(samples), target=TARGET))
        async with tabs(people[2:]) as many:
            found = await asyncio.gather(*(_closed_loop(tab, ask, times) for tab in many))
        samples = [each for samples in found for each in samples]
        note = f"closed loop; {CLIENTS} people at addresses of their own, {times} events each, within the guard's burst"
        figures.append(
            spread(f"event, {CLIENTS} clients, {kind}", "ms", milliseconds(samples), target=TARGET, note=note)
        )
        await asyncio.sleep(times / EVENTS_PER_SECOND + 1)  # until the guard has forgotten
    async with tabs(people[2:]) as many:
        found = await asyncio.gather(*(_now_and_then(tab, 3 if quick else 8) for tab in many))
    samples = [each for samples in found for each in samples]
    note = f"{CLIENTS} clients, each once a second: the pace of people who click quickly"
    return [*figures, spread("event, 50 people, database read", "ms", milliseconds(samples), target=TARGET, note=note)]


async def open_form(tab: Tab, n: int) -> float:
    """Handled from memory: the guard, one state, a small delta."""
    shown = '"renaming_rx_state_":' + ("false" if n % 2 else "true")
    return await tab.ask(f"{ThreadState.get_full_name()}.set_renaming", shown, renaming=n % 2 == 0)


async def list_conversations(tab: Tab, n: int) -> float:
    """The guard, one transaction with one query under row-level security, a delta of a few rows."""
    return await tab.ask(f"{ListingState.get_full_name()}.refresh", ListingState.get_full_name(), "items_rx_state_")


@contextlib.asynccontextmanager
async def tabs(people: list[Person], path: str = "/assistant", each: int = 1) -> AsyncIterator[list[Tab]]:
    """So many tabs of each of these people, loaded a few at a time."""
    opening = asyncio.Semaphore(10)
    async with contextlib.AsyncExitStack() as open_tabs:

        async def opened(person: Person) -> Tab:
            async with opening:
                return await open_tabs.enter_async_context(person.tab(path))

        yield list(await asyncio.gather(*(opened(person) for person in people for _ in range(each))))


async def _closed_loop(tab: Tab, ask: Ask, times: int) -> list[float]:
    return [await ask(tab, n) for n in range(times)]


async def _now_and_then(tab: Tab, times: int) -> list[float]:
    samples = []
    for n in range(times):
        await asyncio.sleep(random.uniform(0.5, 1.5))
        samples.append(await list_conversations(tab, n))
    return samples
