"""Judging answers."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.ids import new_id
from faraday_app.gateway.service import learning, rating
from tests.factories import contexts


@pytest.fixture
async def answer(cast):
    learning.install()
    await contexts.fund(cast, cast.teacher)
    return await contexts.answered(cast.teacher, await contexts.begin(cast.teacher), "Write a poem about light.")


async def judge(actor, message_id, good):
    async with transaction(actor) as session:
        await rating.rate(session, actor, message_id, good=good)


async def test_is_learned_from_once(cast, answer):
    for good in (True, False, True):
        await judge(cast.teacher, answer.id, good)
    ((about, belief),) = (await learning.beliefs_of(cast.organization_id)).items()
    assert about == ("writing", answer.model)
    assert round(belief.good + belief.bad, 6) == 1
    assert belief.good >= learning.QUALITY


async def test_of_another_organization_is_not_found(cast, answer):
    for actor, id in ((cast.stranger, answer.id), (cast.teacher, new_id())):
        with pytest.raises(NotFound):
            await judge(actor, id, True)
