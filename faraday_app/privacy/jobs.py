"""Erasing what is due, whatever worker died."""

import procrastinate
import structlog

from faraday_app.privacy.service import requests, retention

blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="*/10 * * * *")
@blueprint.task(name="erase_people", pass_context=False)
async def erase_people(timestamp: int) -> None:
    """Those whose time of grace is over, and whose records were kept long enough."""
    if ended := await requests.work():
        _log.info("people_erased", people=ended)


@blueprint.periodic(cron="17 3 * * *")
@blueprint.task(name="retention", pass_context=False)
async def look_at_retention(timestamp: int) -> None:
    """Each night: people who left so long ago that nothing of them is to be kept."""
    if begun := await retention.begin_due():
        _log.info("retention_over", people=begun)
