"""The real HTTP app behind its shield, in this process; its answers come from the real local model."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import pytest_asyncio
from starlette.types import ASGIApp

from faraday_app.core.facts import listener
from faraday_app.core.http import Shield, shield
from faraday_app.core.limits import Rate, limiter
from faraday_app.core.permissions import Actor, Permission
from tests.factories import contexts
from tests.factories.api import make_key

CREDIT = 1_000_000
ADDRESS = "http://localhost:3000"

Client = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest_asyncio.fixture(scope="session")
async def web_app() -> AsyncIterator[ASGIApp]:
    from faraday_app.http import connect, http_app

    connect()
    listening = asyncio.create_task(listener.run())
    while not listener.connected:
        await asyncio.sleep(0.01)
    yield Shield(http_app(), lambda path: None)
    listening.cancel()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests ask faster than people; limits have tests of their own."""
    monkeypatch.setattr(shield, "REQUESTS", Rate(10_000, 100_000))
    monkeypatch.setattr(limiter, "generosity", 1_000)


@pytest.fixture
async def guest(web_app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(web_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, timeout=90) as client:
        yield client


@pytest.fixture
async def as_(web_app: ASGIApp) -> AsyncIterator[Client]:
    """A client with a key of a person, for all they may do or for the scopes named."""
    clients = []

    async def client(actor: Actor, *scopes: Permission) -> httpx.AsyncClient:
        secret = await make_key(actor, *scopes)
        clients.append(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(web_app, raise_app_exceptions=False),
                base_url=f"{ADDRESS}/api/v1",
                headers={"Authorization": f"Bearer {secret}"},
                timeout=90,
            )
        )
        return clients[-1]

    yield client
    for each in clients:
        await each.aclose()


@pytest.fixture
async def funded(cast):
    """The cast, with credits to spend."""
    await contexts.fund(cast, cast.administrator, cast.teacher, cast.colleague, amount=1_000 * CREDIT)
    return cast
