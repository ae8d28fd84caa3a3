"""The audit trail is sealed within seconds, and each day is signed once it is over."""

import asyncio
from uuid import UUID

import procrastinate
import structlog

from faraday_app.core.errors import FaradayError
from faraday_app.core.facts import Fact, listener
from faraday_app.security.service import chain

EVERY = 2.0  # seconds between two blocks of a chain
blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="seal", pass_context=False)
async def seal(timestamp: int) -> None:
    """The net under the facts, which may be lost, and for what Faraday does itself."""
    for organization_id in await chain.chains_with_news():
        await _seal(organization_id)


@blueprint.periodic(cron="3 * * * *")
@blueprint.task(name="sign", pass_context=False)
async def sign(timestamp: int) -> None:
    """Soon after midnight UTC, and each hour again in case nothing ran then."""
    await chain.sign_past_days()


async def seal_when_told() -> None:
    """Until cancelled: seal what happened soon after, at most every ``EVERY`` seconds."""
    waiting: set[str] = set()
    listener.on_fact(lambda fact: _hear(fact, waiting))
    while True:
        await asyncio.sleep(EVERY)
        told = sorted(waiting)
        waiting.clear()
        for organization_id in told:
            await _seal(UUID(organization_id))


async def _seal(organization_id: UUID | None) -> None:
    """All there is; one chain's trouble is not the others'."""
    try:
        while await chain.seal(organization_id) == chain.AT_ONCE:
            pass
    except FaradayError as error:
        _log.warning("seals_wait", error=str(error))
    except Exception:
        _log.exception("seals_failed", organization_id=str(organization_id))


def _hear(fact: Fact, waiting: set[str]) -> None:
    kind, _, id = str(fact["topic"]).partition(":")
    if kind in ("audit", "calls"):
        waiting.add(id)
