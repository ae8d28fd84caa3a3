"""What happens to coursework by the clock."""

import procrastinate
import structlog

from faraday_app.coursework.service import turning

blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="turn", pass_context=False)
async def turn(timestamp: int) -> None:
    """Publish what is scheduled, close what is past its last moment."""
    if turned := await turning.turn():
        _log.info("work_turned", assignments=turned)
