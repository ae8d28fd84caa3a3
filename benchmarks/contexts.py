"""Four GPTs at one question: how close together their requests leave, and what it takes to send them on their way."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import aiohttp

from benchmarks.figures import Figure, milliseconds, spread
from benchmarks.gateway import MODEL, name_of, prepared
from benchmarks.served import Served
from benchmarks.stub import Stub
from faraday_app.contexts.models import Mode
from faraday_app.contexts.service import answerers, conversations, gpts
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.core.database import transaction
from faraday_app.gateway import service as gateway
from faraday_app.organizations.service import actor_of_key

LANES = 4
APART, OVERHEAD = 50.0, 150.0  # ms


class _Noting(Stub):
    """Answers at once, and notes when each request came."""

    came: list[float] = []

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"POST"):
            self.came.append(time.perf_counter())
        super().data_received(data)


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Asked over HTTP by somebody with a key; the stub notes when the requests come."""
    app.use_services()
    apart, overhead = [], []
    async with _noting() as port:
        key, path = await _conversation(app, port)
        headers = {"Authorization": f"Bearer {key}"}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{app.port}", headers=headers) as session:
            for turn in range(3 + (10 if quick else 40)):
                _Noting.came.clear()
                begun = time.perf_counter()
                await _asked(session, path)
                if len(_Noting.came) != LANES:
                    raise RuntimeError(f"{len(_Noting.came)} requests came, not {LANES}.")
                if turn >= 3:  # the first ones open connections
                    apart.append(max(_Noting.came) - min(_Noting.came))
                    overhead.append(max(_Noting.came) - begun)
    note = "at a stub that answers at once; rights, four holds, rows and trail in one transaction before"
    return [
        spread("four GPTs, requests apart", "ms", milliseconds(apart), target=APART, note="the first to the last"),
        spread("four GPTs, until the last request left", "ms", milliseconds(overhead), target=OVERHEAD, note=note),
    ]


async def _asked(session: aiohttp.ClientSession, path: str) -> None:
    async with session.post(path, json={"message": "What do frogs eat?"}) as response:
        found = await response.json()
    if response.status != 200 or found.get("status") != "complete":
        raise RuntimeError(f"Answered {response.status} {found}")


async def _conversation(app: Served, port: int) -> tuple[str, str]:
    """Somebody's key, and the path of their conversation in which four GPTs answer side by side."""
    key = (await prepared(app, port))[0]
    gateway.install()  # this process goes by the tables too
    actor = await actor_of_key(key, "127.0.0.1")
    assert actor
    async with transaction(actor) as session:
        made = [
            await gpts.create(session, actor, gpts.Draft(f"Bench {n + 1}", "Be brief.", name_of(MODEL, port)))
            for n in range(LANES)
        ]
        context = await conversations.begin(session, actor, "Four at once")
        wanted = Answerers(tuple(gpt.id for gpt in made), Mode.compare)
        await answerers.change(session, actor, context.id, wanted)
    return key, f"/api/v1/conversations/{context.id}/messages"


@contextlib.asynccontextmanager
async def _noting() -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(_Noting, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
