"""What answers with tools would cost, held against what they then cost."""

import pytest

from faraday_app.contexts.orchestration import quotes
from faraday_app.contexts.quote_views import quote_view
from faraday_app.contexts.service import estimates
from faraday_app.contexts.service.prompts import ROUNDS
from faraday_app.core.database import transaction
from tests.factories.contexts import answered
from tests.factories.tools import call, conversation_again, conversation_with, once


async def quoted(person, conversation, text="What is 3 * 4?"):
    async with transaction(person) as session:
        return await quotes.quote(session, person, conversation, text)


class TestQuoted:
    async def test_counts_no_round_at_least_and_all_at_most_and_learns_how_many(self, cast, provider, conversation):
        provider.says = once(call({"expression": "3 * 4"}), then=["Twelve."])
        before = await quoted(cast.teacher, conversation)
        alone = await quoted(cast.teacher, await conversation_with(cast, tools=()))
        assert (before.rounds, before.likely_rounds, alone.rounds) == (ROUNDS, 1, 0)
        assert before.whole.least < before.whole.likely < before.whole.most
        assert before.whole.most > ROUNDS * alone.whole.most
        assert "up to 4 rounds for an answer, 1 as a rule" in quote_view(before).details
        for _ in range(estimates.ENOUGH):
            message = await answered(cast.teacher, await conversation_again(cast, conversation), "What is 3 * 4?")
        after = await quoted(cast.teacher, conversation)
        assert (after.likely_rounds, after.whole.likely) == (1, message.cost)
        assert after.whole.least <= message.cost < after.whole.most
        off = abs(before.whole.likely - message.cost) * 100 / message.cost
        assert after.accuracy.percent == pytest.approx(off)

    async def test_of_answers_without_tools_is_none_of_those_with(self, cast, provider, conversation):
        provider.says = once(call({"expression": "3 * 4"}), then=["Twelve."])
        plain = await conversation_with(cast, tools=())
        before = await quoted(cast.teacher, plain)
        for _ in range(estimates.ENOUGH):
            await answered(cast.teacher, await conversation_again(cast, conversation), "What is 3 * 4?")
        assert (await quoted(cast.teacher, plain)).whole == before.whole
