import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.serving import Served, serving


@pytest_asyncio.fixture(scope="module")
async def school():
    from tests.factories.guarded import make_school

    return await make_school()


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One process for all that knock at it: it takes as long to start as most of them together."""
    with serving(tmp_path_factory.mktemp("guard")) as running:
        yield running


@pytest.fixture(scope="package")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """As with several workers: the states of tabs are kept in Redis, part by part."""
    with serving(tmp_path_factory.mktemp("guard"), REFLEX_REDIS_URL=os.environ["REDIS_URL"]) as running:
        yield running


@pytest.fixture(autouse=True)
async def calm(school) -> AsyncIterator[None]:
    """Nothing happens to the school in any of these tests."""
    before = await school.trace()
    yield
    assert await school.trace() == before
