"""The app: roll-call of pages and routers, guard, error seam, lifespan."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import reflex as rx
from reflex import constants
from reflex.utils import prerequisites

import faraday_app.pages  # noqa: F401  every page registers itself
from faraday_app import ui
from faraday_app.contexts.engine import engine as answers
from faraday_app.contexts.jobs import blueprint as context_jobs
from faraday_app.contexts.orchestration.conductor import conductor
from faraday_app.core import batch, collector, log
from faraday_app.core.facts import listener
from faraday_app.core.http import Shield
from faraday_app.core.jobs import jobs, work
from faraday_app.core.limits.work import keep as keep_limits
from faraday_app.core.mail.jobs import blueprint as mail_jobs
from faraday_app.core.mail.jobs import deliver_when_told
from faraday_app.core.vault.jobs import blueprint as vault_jobs
from faraday_app.coursework.jobs import blueprint as coursework_jobs
from faraday_app.coursework.material_jobs import blueprint as material_jobs
from faraday_app.gateway.jobs import blueprint as gateway_jobs
from faraday_app.gateway.service import upstream, wire
from faraday_app.gateway.service.health import keep_healthy
from faraday_app.gradebook.jobs import blueprint as gradebook_jobs
from faraday_app.http import connect, http_app
from faraday_app.notifications.jobs import blueprint as notification_jobs
from faraday_app.privacy.jobs import blueprint as privacy_jobs
from faraday_app.security.jobs import BLUEPRINTS as SECURITY_JOBS
from faraday_app.security.jobs import alert_when_told, seal_when_told
from faraday_app.ui import shell
from faraday_app.ui.guard import Guard, explain
from faraday_app.ui.live import live
from faraday_app.ui.shell.rules import permission_of_path

BUNDLE = prerequisites.get_web_dir() / constants.Dirs.STATIC

log.configure()
connect()
jobs().add_tasks_from(context_jobs, namespace="contexts")
jobs().add_tasks_from(coursework_jobs, namespace="coursework")
jobs().add_tasks_from(gateway_jobs, namespace="gateway")
jobs().add_tasks_from(gradebook_jobs, namespace="gradebook")
jobs().add_tasks_from(mail_jobs, namespace="mail")
jobs().add_tasks_from(material_jobs, namespace="materials")
jobs().add_tasks_from(notification_jobs, namespace="notifications")
jobs().add_tasks_from(privacy_jobs, namespace="privacy")
for namespace, blueprint in SECURITY_JOBS.items():
    jobs().add_tasks_from(blueprint, namespace=namespace)
jobs().add_tasks_from(vault_jobs, namespace="vault")


@contextlib.asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    """What runs beside the pages in every worker, and ends with it."""
    always = (listener.run, live.keep, work, deliver_when_told, keep_limits, alert_when_told, seal_when_told)
    tasks = [asyncio.create_task(work()) for work in (*always, keep_healthy)]
    collector.spare_what_stays()
    try:
        yield
    finally:
        await conductor.drain()
        await answers.drain()
        await upstream.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await wire.close()
        await batch.close()


app = rx.App(
    **ui.app_options(),
    api_transformer=[http_app(), lambda inner: Shield(inner, permission_of_path, BUNDLE)],
    backend_exception_handler=explain,
)
app.add_middleware(Guard())
app.register_lifespan_task(lifespan)
live.attach(app)
shell.mount(app)
