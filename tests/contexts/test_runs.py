import asyncio

import pytest

from faraday_app.contexts.models import Access, Author, Status
from faraday_app.contexts.service import branches, runs
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotPermitted, PaymentNeeded, Unavailable
from faraday_app.credits.views import CREDIT
from tests.factories.contexts import answered, ask, begin, finish, fund, share, shown
from tests.factories.credits import available


class TestAsk:
    async def test_keeps_both_messages_and_charges_what_the_answer_cost(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher)
        answer = await answered(cast.teacher, frogs, "Name one frog.")
        asked, given = await shown(cast.teacher, frogs)
        assert (asked.message.content, asked.author_name) == ("Name one frog.", "Maya Okafor")
        assert given.message.status == Status.complete
        assert given.message.content
        assert answer.cost == answer.prompt_tokens * 2_000 + answer.answer_tokens * 6_000
        assert await available(cast.teacher) == 100 * CREDIT - answer.cost

    async def test_with_the_same_request_key_begins_one_run(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher)
        first, again = await ask(cast.teacher, frogs, key="k1"), await ask(cast.teacher, frogs, key="k1")
        assert first.id == again.id
        assert len(await shown(cast.teacher, frogs)) == 2

    async def test_lets_one_of_two_who_ask_at_once_begin(self, cast):
        await fund(cast, cast.teacher, cast.colleague)
        frogs = await begin(cast.teacher)
        await share(cast.teacher, frogs, cast.colleague, Access.editor)
        outcomes = await asyncio.gather(ask(cast.teacher, frogs), ask(cast.colleague, frogs), return_exceptions=True)
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1

    async def test_changes_nothing_without_credits(self, cast):
        await fund(cast, cast.teacher, amount=CREDIT // 10)
        frogs = await begin(cast.teacher)
        with pytest.raises(PaymentNeeded):
            await ask(cast.teacher, frogs)
        assert await shown(cast.teacher, frogs) == []

    async def test_never_spends_the_last_credits_twice(self, cast):
        await fund(cast, cast.teacher, amount=5 * CREDIT)
        contexts = [await begin(cast.teacher) for _ in range(100)]
        outcomes = await asyncio.gather(*(ask(cast.teacher, each) for each in contexts), return_exceptions=True)
        refusals = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert len(refusals) == 99
        # On a busy machine the last in the queue for the database are told to try again.
        assert {type(refusal) for refusal in refusals} in ({PaymentNeeded}, {PaymentNeeded, Unavailable})

    async def test_refuses_a_viewer_an_empty_and_an_endless_message(self, cast):
        await fund(cast, cast.teacher, cast.student)
        frogs = await begin(cast.teacher)
        await share(cast.teacher, frogs, cast.student)
        with pytest.raises(NotPermitted):
            await ask(cast.student, frogs)
        for text in ("  ", "x" * 32_001, "word " * 6_000):
            with pytest.raises(Invalid):
                await ask(cast.teacher, frogs, text)


class TestEditAndRetry:
    async def test_keep_every_version_as_a_branch(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher)
        first = await answered(cast.teacher, frogs, "Name one frog.")
        async with transaction(cast.teacher) as session:
            run = await runs.edit(session, cast.teacher, frogs, first.parent_id, "Name one toad.")
        await finish(run)
        asked, given = await shown(cast.teacher, frogs)
        assert (asked.message.content, asked.place, len(asked.siblings)) == ("Name one toad.", 2, 2)
        async with transaction(cast.teacher) as session:
            run = await runs.retry(session, cast.teacher, frogs, given.message.id)
        await finish(run)
        assert [len(item.siblings) for item in await shown(cast.teacher, frogs)] == [2, 2]
        async with transaction(cast.teacher) as session:
            await branches.show_sibling(session, cast.teacher, frogs, asked.siblings[0])
        assert [item.message.content for item in await shown(cast.teacher, frogs)] == ["Name one frog.", first.content]

    async def test_refuse_the_wrong_kind_of_message(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher)
        answer = await answered(cast.teacher, frogs)
        async with transaction(cast.teacher) as session:
            with pytest.raises(Invalid):
                await runs.edit(session, cast.teacher, frogs, answer.id, "No")
            with pytest.raises(Invalid):
                await runs.retry(session, cast.teacher, frogs, answer.parent_id)


class TestBranch:
    async def test_shows_the_last_messages_and_those_before_on_request(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher)
        for number in range(3):
            await answered(cast.teacher, frogs, f"Just say {number}.")
        async with transaction(cast.teacher) as session:
            last = await branches.branch(session, cast.teacher, frogs, limit=2)
            before = await branches.branch(session, cast.teacher, frogs, end=last[0].message.id, limit=2)
        assert [item.message.author for item in last] == [Author.person, Author.model]
        assert [item.message.content for item in (before[0], last[0])] == ["Just say 1.", "Just say 2."]
