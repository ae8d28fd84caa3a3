"""A thumb up or down beside an answer."""

import pytest

from faraday_app.contexts.models import Access
from faraday_app.contexts.state import JudgeState, ThreadState
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.ids import new_id
from faraday_app.gateway.service import learning, rating
from tests.factories.contexts import begin, said, share
from tests.factories.gateway import make_receipt
from tests.factories.tabs import open_tab


@pytest.fixture
async def conversation(cast):
    """With one answer, which a colleague may read."""
    learning.install()
    context_id = await begin(cast.teacher)
    answer = await said(cast.teacher, context_id)
    await make_receipt(cast.organization_id, message_id=answer.id, user_id=cast.teacher.user)
    await share(cast.teacher, context_id, cast.colleague, Access.viewer)
    return context_id, str(answer.id)


async def opened(actor, context_id):
    thread = await open_tab(actor, ThreadState)
    thread.id = str(context_id)
    await ThreadState.refresh.fn(thread)
    return thread, await thread.get_state(JudgeState)


class TestJudging:
    async def test_is_ones_own_and_there_again_later(self, cast, conversation):
        context_id, id = conversation
        thread, tab = await opened(cast.teacher, context_id)
        assert [message.judgeable for message in thread.messages] == [True]
        await JudgeState.judge.fn(tab, id, "bad")
        assert (tab.mine, tab.asking) == ({id: "bad"}, id)
        await JudgeState.explain.fn(tab, {"reason": "It invented a source."})
        assert tab.asking == ""
        assert (await opened(cast.teacher, context_id))[1].mine == {id: "bad"}
        assert (await opened(cast.colleague, context_id))[1].mine == {}
        async with transaction(cast.administrator) as session:
            (said_so,) = await rating.reasons(session, cast.administrator, "atlas")
        assert (said_so.good, said_so.reason) == (False, "It invented a source.")

    async def test_pressed_again_is_taken_back(self, cast, conversation):
        context_id, id = conversation
        _, tab = await opened(cast.colleague, context_id)
        await JudgeState.judge.fn(tab, id, "good")
        await JudgeState.judge.fn(tab, id, "good")
        assert (tab.mine, tab.asking) == ({}, "")
        assert (await opened(cast.colleague, context_id))[1].mine == {}

    async def test_is_not_for_those_who_cannot_see_the_answer(self, cast, conversation):
        for actor in (cast.aide, cast.stranger):
            tab = await open_tab(actor, JudgeState)
            for id in (conversation[1], str(new_id())):
                with pytest.raises(NotFound):
                    await JudgeState.judge.fn(tab, id, "good")
