"""Durable work: a queue in PostgreSQL, so that a killed worker loses nothing."""

import asyncio
import contextlib
from functools import lru_cache

import procrastinate
import structlog
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.settings import settings

_log = structlog.get_logger(__name__)

_DEFER = text(
    "insert into procrastinate_jobs (queue_name, task_name, queueing_lock) values ('default', :task, :lock)"
    " on conflict do nothing"
)

END_WITHIN = 5.0  # seconds for what runs at shut-down: every job can be killed, and is gone on with

# The queue's tables are visible to Faraday itself only; its connections say that they are that.
AS_FARADAY = "-c app.system=on"


@lru_cache(maxsize=1)
def jobs() -> procrastinate.App:
    """The queue. Domains declare their tasks on a ``Blueprint`` and the roll-call adds it.

    Periodic tasks have no queueing lock: row-level security keeps from procrastinate what a second one ran into, and
    the worker would stop. Each minute is deferred once anyway.
    """
    url = make_url(settings().database_url.get_secret_value()).set(drivername="postgresql")
    connector = procrastinate.PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False), kwargs={"options": AS_FARADAY}, min_size=1, max_size=4
    )
    return procrastinate.App(connector=connector)


async def defer(session: AsyncSession, task: str, queueing_lock: str | None = None) -> None:
    """Have a task without arguments done once this transaction has committed, which is Faraday's own.

    Not twice while one with the same queueing lock waits.
    """
    await session.execute(_DEFER, {"task": task, "lock": queueing_lock})


async def work() -> None:
    """Run jobs until cancelled; a database that goes away is waited for."""
    while True:
        try:
            async with jobs().open_async():
                await jobs().run_worker_async(
                    concurrency=2,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    listen_notify=True,
                    shutdown_graceful_timeout=END_WITHIN,
                )
        except asyncio.CancelledError:
            raise
        except Exception as error:
            _log.warning("jobs_interrupted", error=str(error))
        with contextlib.suppress(Exception):
            await jobs().close_async()
        await asyncio.sleep(2)
