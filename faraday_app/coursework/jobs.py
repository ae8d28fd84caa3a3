"""What happens to coursework by the clock."""

import procrastinate
import structlog

from faraday_app.coursework.service import drafting, peers, turning
from faraday_app.coursework.service.similarity import checking, indexing
from faraday_app.coursework.service.submissions import uploads

blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="turn", pass_context=False)
async def turn(timestamp: int) -> None:
    """Publish what is scheduled, close what is past its last moment."""
    if turned := await turning.turn():
        _log.info("work_turned", assignments=turned)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="peer_reviews", pass_context=False)
async def peer_reviews(timestamp: int) -> None:
    """Give reviews out where the work is due, show them where they are."""
    if turned := await peers.turn():
        _log.info("peer_reviews_turned", assignments=turned)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="similarity", pass_context=False)
async def similarity(timestamp: int) -> None:
    """Read what was handed in and compare it with the rest."""
    read, checked = await indexing.read_waiting(), await checking.check_waiting()
    if read or checked:
        _log.info("work_compared", attempts=read, assignments=checked)


@blueprint.periodic(cron="17 * * * *")
@blueprint.task(name="forget_uploads", pass_context=False)
async def forget_uploads(timestamp: int) -> None:
    """Files of which nothing came for a day."""
    if forgotten := await uploads.forget_old():
        _log.info("uploads_forgotten", uploads=forgotten)


@blueprint.task(name="draft_feedback", pass_context=False)
async def draft_feedback() -> None:
    """Make the drafts of feedback that teachers asked for (service.drafting.drafts.JOB)."""
    await drafting.work_off()
