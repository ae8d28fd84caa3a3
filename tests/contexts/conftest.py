"""GPTs that give to each other: two of the teacher's own, and a colleague's that is shared. A provider whose model
``able`` knows tools, and whose ``plain`` one does not."""

import pytest


@pytest.fixture
async def nova(cast):
    from tests.factories.gpts import make_gpt
    from tests.factories.shares import WORDS

    return await make_gpt(cast.teacher, "Nova", instructions=WORDS)


@pytest.fixture
async def vega(cast):
    from tests.factories.gpts import make_gpt

    return await make_gpt(cast.teacher, "Vega")


@pytest.fixture
async def theirs(cast):
    from tests.factories.gpts import make_gpt

    return await make_gpt(cast.colleague, "Lyra", shared=True)


@pytest.fixture
async def provider(cast, monkeypatch):
    from faraday_app.gateway import service as gateway
    from faraday_app.gateway.service import asking
    from tests.factories import gateway as models
    from tests.factories.upstream import open_upstream

    gateway.install()
    models.forget_failures()
    monkeypatch.setattr(asking, "PAUSE", 0.001)
    async with open_upstream() as found:
        id = await models.make_provider(cast.organization_id, found, "key")
        await models.make_model(cast.organization_id, "able", id, capabilities=["tools", "json"])
        await models.make_model(cast.organization_id, "plain", id)
        yield found


@pytest.fixture
async def conversation(cast, provider):
    """With a GPT that may calculate."""
    from tests.factories.tools import conversation_with

    return await conversation_with(cast)
