"""The HTTP API: a route that does nothing, and one that looks up who asks and reads the database."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count

import aiohttp

from benchmarks.figures import Figure, milliseconds, percentile, rate
from benchmarks.people import Person, own_address
from benchmarks.served import Served

CONNECTIONS = 16
ADDRESS_BURST, CALLER_BURST = 350, 90  # a little below what the guard allows at once
_addresses = count(1000)


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Sixteen connections, each asking again as soon as it was answered."""
    figures = [await _health(app, 2 if quick else 4)]
    people = await app.sign_in(CONNECTIONS * 3)
    if await _exists(people[0], "/api/v1/me"):
        figures.append(await _reading(people, "/api/v1/me", 20 if quick else CALLER_BURST))
    if await _exists(people[0], "/api/v1/conversations"):
        others = await app.sign_in(CONNECTIONS * 3 + 10)
        figures.append(await _reading(others[-10:], "/api/v1/conversations", 20 if quick else CALLER_BURST))
    return figures


async def _health(app: Served, rounds: int) -> Figure:
    async with _addresses_of(app.url, CONNECTIONS * rounds) as clients:
        lanes = [clients[n::CONNECTIONS] for n in range(CONNECTIONS)]
        return await _figure("GET /health/live", [[(c, "/health/live", ADDRESS_BURST) for c in lane] for lane in lanes])


async def _reading(people: list[Person], path: str, times: int) -> Figure:
    lanes = [people[n::CONNECTIONS] for n in range(min(CONNECTIONS, len(people)))]
    return await _figure(f"GET {path}", [[(person.http, path, times) for person in lane] for lane in lanes])


async def _figure(name: str, lanes: list[list[tuple[aiohttp.ClientSession, str, int]]]) -> Figure:
    begun = time.perf_counter()
    found = await asyncio.gather(*(_ask(lane) for lane in lanes))
    took = time.perf_counter() - begun
    samples = milliseconds([each for samples in found for each in samples])
    slow, typical = percentile(samples, 95), percentile(samples, 50)
    note = f"{len(lanes)} connections of a Python client on the same cores; {typical:.1f} ms p50, {slow:.1f} ms p95"
    return rate(name, "/s", len(samples) / took, note)


async def _ask(lane: list[tuple[aiohttp.ClientSession, str, int]]) -> list[float]:
    samples = []
    for client, path, times in lane:
        for _ in range(times):
            begun = time.perf_counter()
            async with client.get(path) as answer:
                await answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{path} answered {answer.status}.")
            samples.append(time.perf_counter() - begun)
    return samples


async def _exists(person: Person, path: str) -> bool:
    async with person.http.get(path) as answer:
        return answer.status == 200 and "json" in answer.content_type


@asynccontextmanager
async def _addresses_of(url: str, many: int) -> AsyncIterator[list[aiohttp.ClientSession]]:
    """Clients at addresses of their own: the guard counts requests by address."""
    async with AsyncExitStack() as open_clients:
        yield [
            await open_clients.enter_async_context(
                aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(local_addr=own_address(next(_addresses))))
            )
            for _ in range(many)
        ]
