"""A stub in place of the local model, for tests that are about what is done with answers and not about a model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from faraday_app.core.settings import settings
from faraday_app.gateway.service import catalogue, upstream
from faraday_app.gateway.service.standing import here
from tests.factories.upstream import Upstream, open_upstream


@asynccontextmanager
async def open_stub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Upstream]:
    """The model of this installation, answering at once and as it is told: the whole way to it is the real one."""
    async with open_upstream() as found:
        with monkeypatch.context() as patch:
            patch.setenv("OPENAI_BASE_URL", found.url)
            await _look_anew()
            yield found
        await _look_anew()


async def _look_anew() -> None:
    settings.cache_clear()
    catalogue.built_in.cache_clear()
    await upstream.close()
    here.forget()
