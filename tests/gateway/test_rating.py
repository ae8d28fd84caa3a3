"""Judging answers."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.gateway.service import learning, rating
from faraday_app.gateway.service.managing import figures
from faraday_app.gateway.service.managing.figures import Span
from tests.factories.gateway import make_receipt


@pytest.fixture
async def answer(cast):
    learning.install()
    return await make_receipt(cast.organization_id, message_id=new_id())


async def judge(actor, message_id, good, reason=""):
    async with transaction(actor) as session:
        await rating.rate(session, actor, message_id, good=good, reason=reason)


async def figures_of(cast, answer):
    async with transaction(cast.administrator) as session:
        return (await figures.figures_of(session, cast.administrator, Span.hour))[answer.deployment_id]


class TestRate:
    async def test_is_learned_from_once(self, cast, answer):
        for good in (True, False, True):
            await judge(cast.teacher, answer.message_id, good)
        await judge(cast.colleague, answer.message_id, False)
        ((about, belief),) = (await learning.beliefs_of(cast.organization_id)).items()
        assert about == ("writing", "atlas")
        assert round(belief.good + belief.bad, 6) == 1
        assert belief.good >= learning.QUALITY

    async def test_keeps_the_last_word_of_each_person(self, cast, answer):
        await judge(cast.teacher, answer.message_id, True, "Clear")
        await judge(cast.teacher, answer.message_id, False, "  It invented   a source ")
        await judge(cast.colleague, answer.message_id, True)
        async with transaction(cast.administrator) as session:
            (said,) = await rating.reasons(session, cast.administrator, "atlas")
        assert (said.good, said.reason) == (False, "It invented a source")
        found = await figures_of(cast, answer)
        assert (found.calls, found.liked, found.disliked) == (1, 1, 1)

    async def test_of_another_organization_is_not_found(self, cast, answer):
        for actor, id in ((cast.stranger, answer.message_id), (cast.teacher, new_id())):
            with pytest.raises(NotFound):
                await judge(actor, id, True)

    async def test_takes_no_long_speech(self, cast, answer):
        with pytest.raises(Invalid):
            await judge(cast.teacher, answer.message_id, True, "x" * 301)


class TestTakingBack:
    async def test_takes_ones_own_judgement_and_no_other(self, cast, answer):
        await judge(cast.teacher, answer.message_id, True)
        await judge(cast.colleague, answer.message_id, False)
        for _ in range(2):
            async with transaction(cast.teacher) as session:
                await rating.take_back(session, cast.teacher, answer.message_id)
        found = await figures_of(cast, answer)
        assert (found.liked, found.disliked) == (0, 1)

    async def test_of_reasons_nobody_reads_who_does_not_manage_models(self, cast, answer):
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotPermitted):
                await rating.reasons(session, cast.teacher, "atlas")
