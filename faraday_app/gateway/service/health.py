"""Finding out that a provider is away before somebody asks it, and that it is back before anybody dares to."""

import asyncio
import random
from uuid import UUID

import structlog

from faraday_app.gateway.service import catalogue, upstream
from faraday_app.gateway.service.standing import Standing, here
from faraday_app.gateway.views import Deployment

EVERY = 30.0  # seconds
LEFT_ALONE = 3 * EVERY
AT_ONCE = 8
AWAY = "It does not answer its health check"
_log = structlog.get_logger(__name__)


async def keep_healthy() -> None:
    """Until cancelled, in every worker: each has its own view of whom it can reach."""
    while True:
        await asyncio.sleep(EVERY * random.uniform(0.8, 1.2))
        try:
            await look_around(here)
        except Exception:
            _log.exception("health_check_failed")


async def look_around(standing: Standing, wire: upstream.Upstream | None = None) -> None:
    """Ask each provider whether it is there, once for all of its deployments; what calls tell anyway is not asked."""
    wire, limit = wire or upstream.real, asyncio.Semaphore(AT_ONCE)
    of_provider: dict[UUID, list[Deployment]] = {}
    for deployment in await catalogue.every_deployment():
        of_provider.setdefault(deployment.provider.id, []).append(deployment)

    async def look(deployments: list[Deployment]) -> None:
        if any(standing.measures.of(each.id).was_well_lately for each in deployments):
            return
        async with limit:
            provider = deployments[0].provider
            is_there = await wire.alive(deployments[0], provider.keys[0] if provider.keys else None)
        for each in deployments:
            _tell(standing, each, is_there)

    await asyncio.gather(*(look(deployments) for deployments in of_provider.values()))


def _tell(standing: Standing, deployment: Deployment, is_there: bool) -> None:
    cooling = standing.deployments.cooling(deployment.id)
    if not is_there and cooling is None:
        standing.deployments.rest(deployment.id, LEFT_ALONE, AWAY)
        _log.warning("deployment_away", deployment=str(deployment.id), provider=deployment.provider.name)
    elif is_there and cooling is not None and cooling.why == AWAY:
        standing.deployments.worked(deployment.id)
