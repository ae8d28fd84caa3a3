import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.contexts.engine import Engine, engine, finish_abandoned
from faraday_app.contexts.models import Run, Status
from faraday_app.contexts.service import runs, streams
from faraday_app.contexts.service.streams import Followers
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.facts import listener
from faraday_app.core.permissions import Actor
from faraday_app.credits.views import CREDIT
from tests.factories.contexts import ask, begin, ended, finish, fund
from tests.factories.credits import available


async def some_text(run: Run) -> None:
    async with asyncio.timeout(30):
        while not (await streams.logged_text(run.id))[0]:
            await asyncio.sleep(0.02)


class TestLaunch:
    async def test_writes_every_piece_to_the_log_in_order(self, cast):
        await fund(cast, cast.teacher)
        run = await ask(cast.teacher, await begin(cast.teacher), "Name three colours.")
        answer = await finish(run)
        assert (await streams.logged_text(run.id))[0] == answer.content
        assert answer.first_token_ms is not None

    async def test_twice_answers_once(self, cast):
        await fund(cast, cast.teacher)
        run = await ask(cast.teacher, await begin(cast.teacher), "Say hello.")
        engine.launch(run)
        answer = await finish(run)
        assert (await streams.logged_text(run.id))[0] == answer.content


@pytest.mark.usefixtures("endless")
class TestStop:
    async def test_keeps_and_charges_what_came(self, cast):
        await fund(cast, cast.teacher)
        hearing = asyncio.create_task(listener.run())
        engine.attach()
        context_id = await begin(cast.teacher)
        run = await ask(cast.teacher, context_id, "Tell a very long story about a frog.")
        engine.launch(run)
        await some_text(run)
        async with transaction(cast.teacher) as session:
            await runs.stop(session, cast.teacher, context_id)
        answer = await ended(run)
        hearing.cancel()
        assert answer.status == Status.stopped
        assert answer.content == (await streams.logged_text(run.id))[0]
        assert 0 < answer.cost < 5 * CREDIT
        assert await available(cast.teacher) == 100 * CREDIT - answer.cost


@pytest.mark.usefixtures("endless")
class TestDrain:
    async def test_ends_running_answers_with_their_books_closed(self, cast):
        await fund(cast, cast.teacher)
        mine = Engine()
        run = await ask(cast.teacher, await begin(cast.teacher), "Tell a very long story about a frog.")
        mine.launch(run)
        await some_text(run)
        await mine.drain()
        answer = await ended(run)
        assert (answer.status, answer.error[:11]) == (Status.failed, "This answer")
        assert answer.content
        assert await available(cast.teacher) == 100 * CREDIT - answer.cost


class TestFinishAbandoned:
    async def test_closes_the_books_of_a_lost_worker_with_what_its_log_holds(self, cast):
        await fund(cast, cast.teacher)
        run = await ask(cast.teacher, await begin(cast.teacher))
        await streams.append(run.id, "Half a sen")
        await streams.append(run.id, "tence")
        async with transaction(Actor.system()) as session:
            await session.execute(
                update(Run).where(col(Run.id) == run.id).values(lease_until=now() - timedelta(seconds=1))
            )
        counts = await asyncio.gather(finish_abandoned(), finish_abandoned())
        answer = await ended(run)
        assert max(counts) >= 1
        assert (answer.content, answer.status, answer.answer_tokens) == ("Half a sentence", Status.failed, 2)
        assert await available(cast.teacher) == 100 * CREDIT - answer.cost

    async def test_leaves_a_run_alone_whose_worker_lives(self, cast):
        await fund(cast, cast.teacher)
        run = await ask(cast.teacher, await begin(cast.teacher))
        await finish_abandoned()
        async with transaction(Actor.system()) as session:
            assert (await session.get_one(Run, run.id)).finished_at is None


class TestFollowers:
    async def test_read_a_log_from_its_start_and_to_its_end(self, cast):
        await fund(cast, cast.teacher)
        run = await ask(cast.teacher, await begin(cast.teacher))
        followers, heard = Followers(), []
        await streams.append(run.id, "Hel")
        followers.follow(run.id, heard.append, lambda _: True)
        await asyncio.sleep(0.1)
        assert followers.text(run.id) == "Hel"
        await streams.append(run.id, "lo")
        await streams.close(run.id)
        await asyncio.sleep(0.1)
        assert followers.text(run.id) == "Hello"
        assert heard
