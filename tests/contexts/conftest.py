"""GPTs that give to each other: two of the teacher's own, and a colleague's that is shared."""

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
