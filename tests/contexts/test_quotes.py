"""What a question would cost, held against what it then costs."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.models import Message, Mode, Run
from faraday_app.contexts.orchestration import quotes
from faraday_app.contexts.orchestration.conductor import conductor
from faraday_app.contexts.service import estimates
from faraday_app.contexts.service.prompts import Prompt, Ready
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.credits.models import Hold
from faraday_app.credits.views import CREDIT
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import catalogue
from tests.factories import gateway as providers
from tests.factories import gpts
from tests.factories.contexts import answered, ask, begin, fund, share

pytestmark = pytest.mark.usefixtures("stub")


async def quoted(actor, context_id, text="Name one frog.", model=""):
    async with transaction(actor) as session:
        return await quotes.quote(session, actor, context_id, text, model)


async def holds(actor):
    async with transaction(Actor.system(actor.organization)) as session:
        query = select(Hold).where(col(Hold.organization_id) == actor.organization).order_by(col(Hold.id))
        return list((await session.scalars(query)).all())


class TestQuote:
    async def test_of_what_is_sent_now_is_what_is_set_aside_for_it(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher)
        await answered(cast.teacher, frogs, "What do frogs eat?")
        found = await quoted(cast.teacher, frogs)
        await ask(cast.teacher, frogs, "Name one frog.")
        newest = (await holds(cast.teacher))[-1]
        assert newest.amount == found.whole.most == found.first.most
        assert 0 < found.whole.least <= found.whole.likely <= found.whole.most
        assert (found.calls, found.mode, found.affordable) == (1, Mode.single, True)

    async def test_keeps_nothing(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher)
        await quoted(cast.teacher, frogs, "A secret question.")
        assert await holds(cast.teacher) == []
        async with transaction(cast.teacher) as session:
            assert (await session.scalars(select(Message).where(col(Message.context_id) == frogs))).all() == []

    async def test_of_a_conversation_that_is_still_to_begin_needs_none(self, cast):
        found = await quoted(cast.teacher, None)
        assert (found.payer.available, found.affordable) == (0, False)
        assert [each.part for each in found.one.ready.spread.portions] == ["question", "answer"]

    async def test_is_for_those_who_may_write(self, cast):
        frogs = await begin(cast.teacher)
        await share(cast.teacher, frogs, cast.student)
        for person, refusal in ((cast.student, NotPermitted), (cast.colleague, NotFound), (cast.stranger, NotFound)):
            with pytest.raises(refusal):
                await quoted(person, frogs)

    async def test_says_before_sending_that_a_message_is_too_long(self, cast):
        with pytest.raises(Invalid, match="too long"):
            await quoted(cast.teacher, await begin(cast.teacher), "word " * 6_000)

    @pytest.mark.parametrize(
        ("mode", "calls", "first"),
        [(Mode.compare, 3, 3), (Mode.synthesise, 4, 3), (Mode.chain, 3, 1), (Mode.debate, 7, 3), (Mode.vote, 6, 3),
         (Mode.router, 2, 1), (Mode.single, 1, 1)],
    )  # fmt: skip
    async def test_of_several_counts_all_steps(self, cast, mode, calls, first):
        found = await quoted(cast.teacher, await gpts.together(cast.teacher, mode))
        assert found.calls == calls
        assert found.first.most == first * found.one.estimate.most
        assert (found.whole.most > found.first.most) == (calls > first)

    async def test_of_several_sets_the_first_step_aside(self, cast):
        await fund(cast, cast.teacher)
        context_id = await gpts.together(cast.teacher, Mode.synthesise, 3)
        found = await quoted(cast.teacher, context_id, "What do frogs eat?")
        started = await gpts.ask(cast.teacher, context_id)
        assert sum(hold.amount for hold in await holds(cast.teacher)) == found.first.most
        conductor.launch(started)
        await gpts.finished(started)
        assert sum(part.cost for part in await gpts.parts(started)) <= found.whole.most


class TestCheaper:
    async def test_is_the_cheapest_that_fits_and_may_be_used(self, cast, stub):
        gateway.install()
        provider = await providers.make_provider(cast.organization_id, stub)
        for name, price, more in (
            ("thrifty", (1_000_000, 1_000_000, 1_000_000), {}),
            ("small", (0, 0, 0), {"context": 60}),
            ("teachers-only", (0, 0, 0), {"roles": ["administrator"]}),
            ("dear", (9_000_000_000, 0, 9_000_000_000), {}),
        ):
            await providers.make_model(cast.organization_id, name, provider, price=price, **more)
        frogs = await begin(cast.teacher)
        assert (await quoted(cast.teacher, frogs)).cheaper.name == "thrifty"

    async def test_is_not_told_where_a_gpt_answers_or_none_is_cheaper(self, cast):
        assert (await quoted(cast.teacher, await begin(cast.teacher))).cheaper is None
        assert (await quoted(cast.teacher, await gpts.together(cast.teacher, Mode.single, 1))).cheaper is None


class TestEstimates:
    async def test_learn_from_answers_and_tell_how_far_they_were_off(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher)
        before = await quoted(cast.teacher, frogs)
        assert before.accuracy == estimates.Accuracy(None, 0)
        for _ in range(estimates.ENOUGH):
            answer = await answered(cast.teacher, await begin(cast.teacher), "Name one frog.")
        after = await quoted(cast.teacher, frogs)
        assert (after.one.answer, answer.answer_tokens) == (5, 5)
        assert after.whole.likely == answer.cost < before.whole.likely
        off = (before.whole.likely - answer.cost) * 100 / answer.cost
        assert after.accuracy == estimates.Accuracy(pytest.approx(off), estimates.ENOUGH)
        assert (await quoted(cast.colleague, None)).whole.likely == answer.cost
        assert (await quoted(cast.colleague, None)).accuracy.answers == 0
        assert (await quoted(cast.stranger, None)).whole.likely > answer.cost

    async def test_are_kept_with_the_run(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher)
        found, run = await quoted(cast.teacher, frogs), await ask(cast.teacher, frogs, "Name one frog.")
        async with transaction(cast.teacher) as session:
            kept = await session.get_one(Run, run.id)
        assert (kept.likely_cost, kept.most_cost) == (found.whole.likely, found.whole.most)
        assert kept.most_prompt == found.one.ready.most_prompt

    def test_stay_between_nothing_and_what_is_set_aside(self):
        model = catalogue.built_in()
        for most, known in ((CREDIT, estimates.Habit(900, 9_000, 1.0)), (1, estimates.Habit(1, 2, 0.1))):
            ready = ready_for(most)
            found = estimates.estimated(ready, model, known)
            assert 0 <= found.least <= found.likely <= found.most == most


def ready_for(most):
    turns = [gateway.Turn(role="user", content="Why? " * 50)]
    return Ready(Prompt("m"), turns, 200, ("m",), most, {})
