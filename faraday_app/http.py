"""The HTTP side of the app: every route, its errors and its description."""

from fastapi import FastAPI

from faraday_app import __version__, api
from faraday_app.contexts.engine import engine as answers
from faraday_app.contexts.service import reach
from faraday_app.core import notices, refusals, vault
from faraday_app.core.http import description, health, install_problem_handlers
from faraday_app.core.identity import identities
from faraday_app.credits import service as credits
from faraday_app.gateway import api as gateway_api
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import learning
from faraday_app.gradebook.api import oneroster as exchange
from faraday_app.notifications import service as notifications
from faraday_app.organizations.service import (
    WHEN_SET_UP,
    actor_of_key,
    actor_of_session,
    factor_findings,
    renewed_token,
    safety,
)
from faraday_app.organizations.service.decisions import FACTS
from faraday_app.security import service as security
from faraday_app.security.service import keep_refusal, score
from faraday_app.security.service.directory import directory
from faraday_app.security.service.key_restrictions import OFFERED_MODELS


def connect() -> None:
    """Give the lower tiers what only higher ones know. Once per process."""
    identities.install(actor_of_session, actor_of_key, renewed_token)
    notices.deliver_with(notifications.deliver)
    refusals.keep_with(keep_refusal)
    directory.install(safety.names, safety.guardians, safety.search)
    score.add_findings()
    safety.add_findings()
    score.check(
        factor_findings.read_factors,
        factor_findings.unprotected_administrators,
        factor_findings.nobody_needs_a_factor,
    )
    answers.attach()
    FACTS["conversation"] = reach.facts
    vault.keys.listen()
    OFFERED_MODELS[:] = [gateway.names]
    gateway.install()
    learning.install()
    gateway_api.install()
    exchange.install()
    security.install()
    WHEN_SET_UP.append(credits.provide)
    health.CHECKS["model"] = gateway.reachable


def http_app() -> FastAPI:
    app = FastAPI(
        title="Faraday", version=__version__, openapi_url=description.SCHEMA_PATH, docs_url=None, redoc_url=None
    )
    install_problem_handlers(app)
    description.describe(app)
    for router in [*api.ROUTERS, api.elsewhere]:
        app.include_router(router)
    return app
