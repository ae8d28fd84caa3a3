"""The app: roll-call of pages and routers, guard, error seam, lifespan."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import reflex as rx

import faraday_app.pages  # noqa: F401  every page registers itself
from faraday_app import ui
from faraday_app.contexts.engine import engine as answers
from faraday_app.contexts.jobs import blueprint as context_jobs
from faraday_app.core import log
from faraday_app.core.facts import listener
from faraday_app.core.http import Shield
from faraday_app.core.jobs import jobs, work
from faraday_app.core.mail.jobs import blueprint as mail_jobs
from faraday_app.core.mail.jobs import deliver_when_told
from faraday_app.http import connect, http_app
from faraday_app.notifications.jobs import blueprint as notification_jobs
from faraday_app.security.jobs import blueprint as security_jobs
from faraday_app.ui import shell
from faraday_app.ui.guard import Guard, explain
from faraday_app.ui.live import live
from faraday_app.ui.shell.rules import permission_of_path

log.configure()
connect()
jobs().add_tasks_from(context_jobs, namespace="contexts")
jobs().add_tasks_from(mail_jobs, namespace="mail")
jobs().add_tasks_from(notification_jobs, namespace="notifications")
jobs().add_tasks_from(security_jobs, namespace="security")


@contextlib.asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    """What runs beside the pages in every worker, and ends with it."""
    tasks = [asyncio.create_task(work()) for work in (listener.run, live.keep, work, deliver_when_told)]
    try:
        yield
    finally:
        await answers.drain()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


app = rx.App(
    **ui.app_options(),
    api_transformer=[http_app(), lambda inner: Shield(inner, permission_of_path)],
    backend_exception_handler=explain,
)
app.add_middleware(Guard())
app.register_lifespan_task(lifespan)
live.attach(app)
shell.mount(app)
