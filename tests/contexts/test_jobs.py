from datetime import timedelta

from procrastinate import Blueprint
from sqlalchemy import update
from sqlmodel import col

from faraday_app.contexts.jobs import blueprint, mend
from faraday_app.contexts.models import Run, Status
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.jobs import jobs
from faraday_app.core.permissions import Actor
from faraday_app.credits.views import CREDIT
from tests.factories.contexts import ask, begin, ended, fund
from tests.factories.credits import available


class TestMend:
    async def test_runs_as_a_job_and_closes_the_books_of_a_lost_worker(self, cast):
        await fund(cast, cast.teacher)
        run = await ask(cast.teacher, await begin(cast.teacher))
        async with transaction(Actor.system()) as session:
            await session.execute(
                update(Run).where(col(Run.id) == run.id).values(lease_until=now() - timedelta(seconds=1))
            )
        assert isinstance(blueprint, Blueprint)
        app = jobs()
        if mend.blueprint is blueprint:
            app.add_tasks_from(blueprint, namespace="contexts")
        async with app.open_async():
            # A queue of its own: what else waits, or is due by the clock, is other tests' affair.
            await mend.configure(queue="mending").defer_async(timestamp=0)
            await app.run_worker_async(
                queues=["mending"], wait=False, install_signal_handlers=False, listen_notify=False
            )
        assert (await ended(run)).status == Status.failed
        assert await available(cast.teacher) == 100 * CREDIT
