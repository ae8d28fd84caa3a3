"""What the gateway does by the clock."""

from datetime import timedelta

import procrastinate
import structlog
from sqlalchemy import delete, select
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import first_id_of
from faraday_app.core.permissions import Actor
from faraday_app.gateway.models import RouteReceipt
from faraday_app.gateway.service import catalogue, drills

KEPT = timedelta(days=400)
AT_ONCE = 10_000
blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="20 4 * * 0")
@blueprint.task(name="drill", pass_context=False)
async def drill(timestamp: int) -> None:
    """Each Sunday night, wherever somebody stands in for somebody."""
    for organization_id in await catalogue.organizations():
        try:
            await drills.run(Actor.system(organization_id))
        except FaradayError as error:
            _log.warning("drill_failed", organization_id=str(organization_id), error=error.message)


@blueprint.periodic(cron="40 3 * * *")
@blueprint.task(name="forget", pass_context=False)
async def forget(timestamp: int) -> None:
    """Each night: receipts of calls that nobody will ask about any more, some at a time."""
    old = select(col(RouteReceipt.id))
    while True:
        async with transaction(Actor.system()) as session:
            some = old.where(col(RouteReceipt.id) < first_id_of(now() - KEPT)).limit(AT_ONCE)
            gone = delete(RouteReceipt).where(col(RouteReceipt.id).in_(some)).returning(col(RouteReceipt.id))
            count = len((await session.execute(gone)).all())
        if count < AT_ONCE:
            return
