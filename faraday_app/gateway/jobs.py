"""What the gateway does by the clock."""

from datetime import UTC, datetime, timedelta

import procrastinate
import structlog
from sqlalchemy import delete, select
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import first_id_of
from faraday_app.core.permissions import Actor
from faraday_app.gateway.models import FailoverDrill, RouteReceipt, RoutingReplay, SentRequest
from faraday_app.gateway.service import catalogue, drills, replaying, sent, trials

KEPT = timedelta(days=400)
AT_ONCE = 10_000
blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="20 4 * * *")
@blueprint.task(name="drill", pass_context=False)
async def drill(timestamp: int) -> None:
    """Each night, for those whose drill is due."""
    day = datetime.fromtimestamp(timestamp, UTC).date()
    for organization_id in await catalogue.organizations():
        policy = (await catalogue.offered(organization_id)).policy
        if drills.is_due(policy.drills, day):
            try:
                await drills.run(Actor.system(organization_id))
            except FaradayError as error:
                _log.warning("drill_failed", organization_id=str(organization_id), error=error.message)


@blueprint.task(name="drill_asked", pass_context=False)
async def drill_asked() -> None:
    """Those that somebody waits for."""
    while (row := await trials.claim(FailoverDrill)) is not None:
        await trials.carry_out(row, drills.report)


@blueprint.task(name="replay_asked", pass_context=False)
async def replay_asked() -> None:
    while (row := await trials.claim(RoutingReplay)) is not None:
        await trials.carry_out(row, replaying.forecast)


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="take_up", pass_context=False)
async def take_up(timestamp: int) -> None:
    """What a worker left that is gone."""
    await drill_asked()
    await replay_asked()


@blueprint.periodic(cron="40 3 * * *")
@blueprint.task(name="forget", pass_context=False)
async def forget(timestamp: int) -> None:
    """Each night: receipts of calls that nobody will ask about any more, some at a time, and requests sooner."""
    old = select(col(RouteReceipt.id))
    while True:
        async with transaction(Actor.system()) as session:
            some = old.where(col(RouteReceipt.id) < first_id_of(now() - KEPT)).limit(AT_ONCE)
            gone = delete(RouteReceipt).where(col(RouteReceipt.id).in_(some)).returning(col(RouteReceipt.id))
            count = len((await session.execute(gone)).all())
            seen = col(SentRequest.id) < first_id_of(now() - sent.KEPT)
            await session.execute(delete(SentRequest).where(seen))
        if count < AT_ONCE:
            return
