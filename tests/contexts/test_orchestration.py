"""Several GPTs at one question. A stub answers for the model, but where its own votes are the subject."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.contexts.engine import engine
from faraday_app.contexts.models import Access, Mode, Orchestration, Part, Status
from faraday_app.contexts.orchestration import asking, plans
from faraday_app.contexts.orchestration.conductor import Conductor, conductor
from faraday_app.contexts.service import answerers, gathering, gpts, prompts, runs, sharing
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.contexts.service.prompts import Prompt
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, LimitReached, NotFound, NotPermitted, PaymentNeeded
from faraday_app.core.facts import listener
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.credits.views import CREDIT
from faraday_app.gateway import service as gateway
from tests.factories.contexts import begin, fund, share, shown
from tests.factories.credits import available
from tests.factories.gpts import ask, finished, make_gpt, parts, reread, together

quick = pytest.mark.usefixtures("stub")


async def played(actor, mode, lanes=3, **more):
    context_id = await together(actor, mode, lanes, **more)
    started = await ask(actor, context_id)
    conductor.launch(started)
    return context_id, started, await finished(started)


class TestTheLocalModel:
    async def test_votes_with_a_letter(self, cast):
        turns = [gateway.Turn(role="user", content=f"Answer A: Flies.\nAnswer B: Cars.\n{plans.VOTE}")]
        prompt = Prompt(settings().model, longest=12, choices=("A", "B"), temperature=0)
        ready = await prompts.ready(cast.teacher, turns, prompt)
        receipt = gateway.Receipt("test", gateway.Asked(prompt.model, 60, ready.longest))
        call = gateway.Call(cast.organization_id, ready.body, receipt)
        said = "".join([piece.text async for piece in gateway.answer(call)])
        assert plans.voted(said) in ("A", "B")


@quick
class TestAsk:
    @pytest.mark.parametrize(
        ("mode", "kinds"),
        [
            (Mode.compare, ["answer"] * 3),
            (Mode.synthesise, ["draft"] * 3 + ["final"]),
            (Mode.chain, ["draft"] * 2 + ["final"]),
            (Mode.debate, ["draft"] * 6 + ["judge"]),
            (Mode.vote, ["draft"] * 3 + ["judge"] * 3),
            (Mode.router, ["route", "final"]),
            (Mode.delegate, ["plan", "final"]),
        ],
    )
    async def test_is_answered_together_and_paid_for(self, cast, mode, kinds):
        await fund(cast, cast.teacher)
        context_id, started, orchestration = await played(cast.teacher, mode)
        made = await parts(started)
        assert orchestration.status == Status.complete, orchestration.error
        assert [part.part for part in made] == kinds
        assert all(part.content and part.cost and (part.gpt_id or part.part == Part.route) for part in made)
        assert await available(cast.teacher) == 100 * CREDIT - sum(part.cost for part in made)
        question, answer = await shown(cast.teacher, context_id)
        assert (answer.message.id, question.orchestration_id) == (orchestration.shown_id, orchestration.id)
        assert answer.author_name in ("Nova", "Vega", "Lyra")
        assert len(answer.siblings) == 1

    async def test_is_for_one_alone_where_there_is_one(self, cast):
        await fund(cast, cast.teacher)
        context_id = await together(cast.teacher, Mode.compare, 1)
        started = await ask(cast.teacher, context_id)
        assert started.orchestration is None
        conductor.launch(started)
        await engine.settled([run.id for run in started.runs], 60)
        answer = (await shown(cast.teacher, context_id))[-1]
        assert (answer.author_name, answer.message.status) == ("Nova", Status.complete)

    async def test_twice_with_a_key_is_asked_once(self, cast):
        await fund(cast, cast.teacher)
        context_id = await together(cast.teacher, Mode.compare, 2)
        first, again = await ask(cast.teacher, context_id, key="k"), await ask(cast.teacher, context_id, key="k")
        assert (len(first.runs), again.runs) == (2, [])
        with pytest.raises(Conflict):
            await ask(cast.teacher, context_id)

    async def test_begins_nothing_without_credits_for_all(self, cast):
        await fund(cast, cast.teacher, amount=CREDIT // 3)
        context_id = await together(cast.teacher, Mode.compare, 4)
        with pytest.raises(PaymentNeeded):
            await ask(cast.teacher, context_id)
        assert await shown(cast.teacher, context_id) == []
        assert await available(cast.teacher) == CREDIT // 3

    async def test_lets_the_requests_of_a_step_leave_together(self, cast, monkeypatch):
        await fund(cast, cast.teacher)
        left = asyncio.Barrier(4)

        async def answer(_):
            async with asyncio.timeout(60):
                await left.wait()  # nobody is answered before all have been asked
            yield gateway.Piece("Flies.")

        monkeypatch.setattr(gateway, "answer", answer)
        _, _, orchestration = await played(cast.teacher, Mode.compare, 4)
        assert orchestration.status == Status.complete, orchestration.error


@quick
class TestSame:
    async def test_for_all_is_gathered_once(self, cast, monkeypatch):
        await fund(cast, cast.teacher)
        asked = Counter()

        def counting(source):
            async def counted(*args):
                asked[source] += 1
                return await source(*args)

            return counted

        counted = {source: counting(source) for source in gathering.SOURCES}
        same = gathering.OF_THE_CONVERSATION
        monkeypatch.setattr(gathering, "SOURCES", tuple(counted.values()))
        depends = {counted[source]: rule for source, rule in same.items()}
        monkeypatch.setattr(gathering, "OF_THE_CONVERSATION", depends)
        await ask(cast.teacher, await together(cast.teacher, Mode.compare, 3))
        assert asked == {source: 1 if source in same else 3 for source in counted}


@quick
class TestFailingLanes:
    async def test_do_not_end_the_others(self, cast):
        await fund(cast, cast.teacher)
        context_id = await together(cast.teacher, Mode.synthesise, 3)
        broken = "x" * 7_999 + "ü" * 1
        async with transaction(cast.teacher) as session:
            first = (await gpts.listed(session, cast.teacher, "Vega"))[0].gpt
            await gpts.change(session, cast.teacher, first.id, 1, gpts.Draft("Vega", broken, longest_answer=2_000))
        started = await ask(cast.teacher, context_id, "word " * 1_500)
        conductor.launch(started)
        orchestration = await finished(started)
        made = await parts(started)
        assert orchestration.status == Status.complete
        assert [(part.lane, part.part, part.status) for part in made if part.status == Status.failed] == [
            (1, Part.draft, Status.failed)
        ]
        assert made[1].error
        assert made[-1].part == Part.final

    async def test_can_be_tried_again_alone(self, cast):
        await fund(cast, cast.teacher)
        context_id, started, before = await played(cast.teacher, Mode.compare, 2)
        second = (await parts(started))[1]
        async with transaction(cast.teacher) as session:
            again = await asking.retry(session, cast.teacher, context_id, second.id)
        assert len(again.runs) == 1
        conductor.launch(again)
        after = await finished(started)
        assert (after.status, after.shown_id) == (Status.complete, before.shown_id)
        assert [(part.lane, part.step) for part in await parts(started)] == [(0, 1), (1, 1), (1, 1)]


@quick
class TestKeep:
    async def test_goes_on_from_the_best(self, cast):
        await fund(cast, cast.teacher)
        context_id, started, _ = await played(cast.teacher, Mode.compare, 2)
        second = (await parts(started))[1]
        async with transaction(cast.teacher) as session:
            await asking.keep(session, cast.teacher, context_id, second.id)
        assert (await shown(cast.teacher, context_id))[-1].message.id == second.id
        assert (await reread(started)).shown_id == second.id


@quick
class TestLimits:
    async def test_of_credits_refuse_what_could_cost_more(self, cast):
        await fund(cast, cast.teacher)
        context_id = await together(cast.teacher, Mode.compare, 3, budget=1_000)
        with pytest.raises(LimitReached):
            await ask(cast.teacher, context_id)
        assert await shown(cast.teacher, context_id) == []

    async def test_of_credits_end_it_with_what_came(self, cast):
        await fund(cast, cast.teacher)
        context_id, started, orchestration = await played(cast.teacher, Mode.debate, 2, budget=700_000)
        made = await parts(started)
        assert "budget" in orchestration.error
        assert {part.step for part in made} in ({1}, {1, 2})
        assert sum(part.cost for part in made) <= 700_000
        assert (await shown(cast.teacher, context_id))[-1].message.content

    async def test_of_steps_end_it_with_what_came(self, cast):
        await fund(cast, cast.teacher)
        _, started, orchestration = await played(cast.teacher, Mode.chain, 3, step_limit=2)
        assert "steps" in orchestration.error
        assert orchestration.shown_id == (await parts(started))[1].id


class TestStop:
    @pytest.mark.usefixtures("endless")
    async def test_ends_every_lane_and_what_would_follow(self, cast):
        await fund(cast, cast.teacher)
        hearing = asyncio.create_task(listener.run())
        engine.attach()
        context_id = await together(cast.teacher, Mode.synthesise, 3)
        started = await ask(cast.teacher, context_id)
        conductor.launch(started)
        await asyncio.sleep(0.5)
        async with transaction(cast.teacher) as session:
            await runs.stop(session, cast.teacher, context_id)
        orchestration = await finished(started, 10)
        hearing.cancel()
        assert orchestration.status == Status.stopped
        assert [part.status for part in await parts(started)] == [Status.stopped] * 3
        assert all(part.content for part in await parts(started))


@quick
class TestKilledDriver:
    async def test_is_followed_by_another(self, cast):
        await fund(cast, cast.teacher)
        context_id = await together(cast.teacher, Mode.synthesise, 2)
        started = await ask(cast.teacher, context_id)
        first = Conductor()
        first.launch(started)
        await asyncio.sleep(0.05)
        await first.drain()
        await engine.settled([run.id for run in started.runs], 30)
        await asyncio.sleep(0.3)
        assert (await reread(started)).finished_at is None
        async with transaction(Actor.system()) as session:
            row = update(Orchestration).where(col(Orchestration.id) == started.orchestration.id)
            await session.execute(row.values(lease_until=now() - timedelta(seconds=1)))
        another = Conductor()
        assert await another.take_up_abandoned() >= 1
        orchestration = await finished(started)
        assert orchestration.status == Status.complete
        assert [part.part for part in await parts(started)] == ["draft", "draft", "final"]
        assert (await shown(cast.teacher, context_id))[-1].message.part == Part.final

    async def test_is_left_alone_while_it_lives(self, cast):
        await fund(cast, cast.teacher)
        started = await ask(cast.teacher, await together(cast.teacher, Mode.compare, 2))
        await Conductor().take_up_abandoned()
        await asyncio.sleep(0.2)
        assert {part.status for part in await parts(started)} == {Status.running}

    async def test_ends_with_words_when_whoever_asked_may_not_any_more(self, cast):
        await fund(cast, cast.colleague)
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.colleague, Access.editor)
        made = [await make_gpt(cast.colleague, name) for name in ("Nova", "Vega")]
        async with transaction(cast.colleague) as session:
            wanted = Answerers(tuple(gpt.id for gpt in made), Mode.synthesise)
            await answerers.change(session, cast.colleague, context_id, wanted)
        started = await ask(cast.colleague, context_id)
        async with transaction(cast.teacher) as session:
            await sharing.withdraw(session, cast.teacher, context_id, cast.colleague.user)
        conductor.launch(started)
        assert "no longer shared" in (await finished(started)).error


class TestAnswerers:
    async def test_are_changed_by_whoever_may_write_and_nobody_else(self, cast):
        context_id = await begin(cast.teacher)
        gpt = await make_gpt(cast.teacher, "Nova", shared=True)
        await share(cast.teacher, context_id, cast.student)
        for person, refusal in ((cast.student, NotPermitted), (cast.colleague, NotFound), (cast.stranger, NotFound)):
            async with transaction(person) as session:
                with pytest.raises(refusal):
                    await answerers.change(session, person, context_id, Answerers((gpt.id,)))

    async def test_are_ones_that_can_be_seen_and_at_most_six(self, cast):
        context_id = await begin(cast.teacher)
        hidden = await make_gpt(cast.colleague, "Nova")
        own = [await make_gpt(cast.teacher, f"GPT {number}") for number in range(7)]
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotFound):
                await answerers.change(session, cast.teacher, context_id, Answerers((hidden.id,)))
            for wrong in (
                Answerers(tuple(gpt.id for gpt in own)),
                Answerers((own[0].id, own[0].id)),
                Answerers(budget=0),
                Answerers(step_limit=0),
            ):
                with pytest.raises(Invalid):
                    await answerers.change(session, cast.teacher, context_id, wrong)
