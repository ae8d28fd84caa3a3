"""The app: roll-call of pages and routers, guard, error seam, lifespan."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import reflex as rx
from fastapi import FastAPI

import faraday_app.pages  # noqa: F401  every page registers itself
from faraday_app import __version__, api, ui
from faraday_app.contexts.engine import engine as answers
from faraday_app.contexts.jobs import blueprint as context_jobs
from faraday_app.core import log
from faraday_app.core.facts import listener
from faraday_app.core.http import Shield, health, install_problem_handlers
from faraday_app.core.identity import identities
from faraday_app.core.jobs import jobs, work
from faraday_app.gateway import service as gateway
from faraday_app.organizations.service import actor_of_key, actor_of_session
from faraday_app.ui import shell
from faraday_app.ui.guard import Guard, explain
from faraday_app.ui.live import live
from faraday_app.ui.shell.rules import permission_of_path

log.configure()
identities.install(actor_of_session, actor_of_key)
answers.attach()
jobs().add_tasks_from(context_jobs, namespace="contexts")
health.CHECKS["model"] = gateway.reachable


@contextlib.asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    """What runs beside the pages in every worker, and ends with it."""
    tasks = [asyncio.create_task(work()) for work in (listener.run, live.keep, work)]
    try:
        yield
    finally:
        await answers.drain()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _http() -> FastAPI:
    app = FastAPI(
        title="Faraday", version=__version__, openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None
    )
    install_problem_handlers(app)
    for router in api.ROUTERS:
        app.include_router(router)
    return app


app = rx.App(
    **ui.app_options(),
    api_transformer=[_http(), lambda inner: Shield(inner, permission_of_path)],
    backend_exception_handler=explain,
)
app.add_middleware(Guard())
app.register_lifespan_task(lifespan)
live.attach(app)
shell.mount(app)
