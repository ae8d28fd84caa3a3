"""Old turns in short: once, by whoever asked, and never in the way of an answer."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, text, update
from sqlmodel import col

from faraday_app.contexts.models import Access, Author, Context, Message, Stage, TurnSummary
from faraday_app.contexts.service import gathering, receipts, summaries, summarising
from faraday_app.contexts.service.quoting import NO_FORCE
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.gateway.service import catalogue
from tests.factories.contexts import answered, ask, begin, finish, fund, share
from tests.factories.credits import available
from tests.factories.upstream import Fault

WORDS = "One two three four five."  # what the stub says


@pytest.fixture(autouse=True)
async def narrow(stub, monkeypatch):
    """A window of 1,600 tokens, no source but summaries, and nothing that an earlier test still wants."""
    async with transaction(Actor.system()) as session:
        await session.execute(update(TurnSummary).values(stage=Stage.failed))
        await session.execute(text("delete from procrastinate_jobs where task_name = :job"), {"job": summaries.JOB})
    small = replace(catalogue.built_in(), context=1_600, longest_answer=60)
    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "built_in", lambda: small)
        patch.setattr(gathering, "SOURCES", (summaries.source,))
        yield


async def long_conversation(actor, turns=20):
    context_id = await begin(actor)
    async with transaction(actor) as session:
        context, parent = await session.get_one(Context, context_id), None
        for number in range(turns):
            said = Message(
                organization_id=actor.organization,
                context_id=context_id,
                parent_id=parent,
                author=Author.model if number % 2 else Author.person,
                author_id=None if number % 2 else actor.user,
                content=f"Turn {number}: {f'word{number} ' * 40}",
            )
            session.add(said)
            await session.flush()
            parent = said.id
        context.leaf_id = parent
    return context_id


async def rows(context_id):
    async with transaction(Actor.system()) as session:
        query = select(TurnSummary).where(col(TurnSummary.context_id) == context_id).order_by(col(TurnSummary.id))
        return list((await session.scalars(query)).all())


def left_out(answer):
    return next((part["left_out"] for part in answer.spread["parts"] if part["part"] == "turns"), 0)


class TestWish:
    async def test_is_made_where_turns_found_no_place_and_keeps_no_answer_waiting(self, cast):
        await fund(cast, cast.teacher)
        context_id = await long_conversation(cast.teacher)
        answer = await answered(cast.teacher, context_id, "And now?")
        assert (answer.content, left_out(answer) > 0) == (WORDS, True)
        wanted = await rows(context_id)
        assert {(row.stage, row.asked_by_id, row.cost) for row in wanted} == {(Stage.wanted, cast.teacher.user_id, 0)}
        assert left_out(answer) <= sum(row.turns for row in wanted) < 20
        await answered(cast.teacher, context_id, "And then?")
        assert len(await rows(context_id)) == len(wanted)
        async with transaction(Actor.system()) as session:
            waiting = text("select count(*) from procrastinate_jobs where task_name = :job and status = 'todo'")
            assert await session.scalar(waiting, {"job": summaries.JOB}) == 1

    async def test_is_not_made_where_all_fits(self, cast):
        await fund(cast, cast.teacher)
        context_id = await long_conversation(cast.teacher, 4)
        assert left_out(await answered(cast.teacher, context_id, "And now?")) == 0
        assert await rows(context_id) == []


class TestMake:
    async def test_tells_the_old_turns_once_at_the_cost_of_who_asked(self, cast, stub):
        await fund(cast, cast.teacher)
        context_id = await long_conversation(cast.teacher)
        await answered(cast.teacher, context_id, "And now?")
        before = await available(cast.teacher)
        stub.asked.clear()
        assert await summarising.make_all() == len(stub.asked) > 0
        found = await rows(context_id)
        assert {(row.stage, await summaries.text_of(row)) for row in found} == {(Stage.ready, WORDS)}
        assert "five" not in str(found)
        assert before - await available(cast.teacher) == sum(row.cost for row in found) > 0
        asked = [body["messages"][-1]["content"] for body in stub.asked]
        assert all(text.startswith(NO_FORCE) for text in asked)
        assert ["Turn 0:" in text for text in asked] == [True, *[False] * (len(asked) - 1)]
        assert [WORDS in text for text in asked] == [False, *[True] * (len(asked) - 1)]
        assert await summarising.make_all() == 0

    async def test_stands_in_for_them_in_the_next_answer_and_leaves_them_as_they_are(self, cast, stub):
        await fund(cast, cast.teacher)
        context_id = await long_conversation(cast.teacher)
        await answered(cast.teacher, context_id, "And now?")
        await summarising.make_all()
        answer = await answered(cast.teacher, context_id, "And then?")
        assert [thing["kind"] for thing in answer.given] == ["summary"]
        assert left_out(answer) == 0
        system, *turns = stub.asked[-1]["messages"]
        assert WORDS in system["content"]
        assert not any("Turn 0:" in turn["content"] for turn in turns)
        assert turns[-1]["content"] == "And then?"
        async with transaction(cast.teacher) as session:
            query = select(func.count()).where(col(Message.context_id) == context_id)
            assert await session.scalar(query) == 24

    async def test_rolls_on_from_the_one_before(self, cast, stub):
        await fund(cast, cast.teacher)
        context_id = await long_conversation(cast.teacher)
        for _ in range(6):
            await answered(cast.teacher, context_id, "More " * 120)
            await summarising.make_all()
        found = await rows(context_id)
        assert len(found) > 1
        assert {row.stage for row in found} == {Stage.ready}
        assert len({row.ends_at_id for row in found}) == len(found)
        told = [body["messages"][-1]["content"] for body in stub.asked if NO_FORCE in str(body["messages"][-1])]
        assert WORDS in told[-1]
        assert "Turn 0:" not in told[-1]

    async def test_is_made_no_more_where_it_is_left_out(self, cast):
        await fund(cast, cast.teacher)
        context_id = await long_conversation(cast.teacher)
        await answered(cast.teacher, context_id, "And now?")
        await summarising.make_all()
        made = await rows(context_id)
        async with transaction(cast.teacher) as session:
            await receipts.leave_out(session, cast.teacher, context_id, f"summary:{made[-1].id}")
        answer = await answered(cast.teacher, context_id, "And then?")
        assert (answer.given, left_out(answer) > 0) == ([], True)
        assert len(await rows(context_id)) == len(made)

    async def test_is_another_for_each_branch(self, cast):
        await fund(cast, cast.teacher)
        context_id = await long_conversation(cast.teacher)
        await answered(cast.teacher, context_id, "And now?")
        await summarising.make_all()
        async with transaction(cast.teacher) as session:
            context = await session.get_one(Context, context_id)
            context.leaf_id = None
        assert (await answered(cast.teacher, context_id, "Anew.")).given == []

    async def test_fails_without_credits_or_access_and_costs_nothing(self, cast):
        await fund(cast, cast.teacher, cast.colleague)
        context_id = await long_conversation(cast.teacher)
        await share(cast.teacher, context_id, cast.colleague, Access.editor)
        await finish(await ask(cast.colleague, context_id, "And now?"))
        await share(cast.teacher, context_id, cast.colleague, Access.viewer)
        before = await available(cast.colleague)
        assert await summarising.make_all() == 0
        found = await rows(context_id)
        assert {(row.stage, row.cost) for row in found} == {(Stage.failed, 0)}
        assert all("not write in it" in row.error for row in found)
        assert await available(cast.colleague) == before

    async def test_gives_the_credits_back_when_nobody_can_answer(self, cast, stub):
        await fund(cast, cast.teacher)
        context_id = await long_conversation(cast.teacher)
        await answered(cast.teacher, context_id, "And now?")
        before, stub.fault = await available(cast.teacher), Fault("500")
        assert await summarising.make_all() == 0
        assert all(row.stage == Stage.failed and row.error for row in await rows(context_id))
        assert await available(cast.teacher) == before
