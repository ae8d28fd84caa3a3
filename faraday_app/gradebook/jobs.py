"""What the clock does with grades."""

import procrastinate
import structlog

from faraday_app.gradebook.service import following, integrity, missing, posting

blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="grades_revealed", pass_context=False)
async def grades_revealed(timestamp: int) -> None:
    """Totals of classes in which a moment of release has come."""
    await posting.reveal()


@blueprint.task(name="settle_marked", pass_context=False)
async def settle_marked() -> None:
    """Totals of many classes that a change of their term has marked (service.following.JOB)."""
    await following.settle_marked()


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="settle_marked_again", pass_context=False)
async def settle_marked_again(timestamp: int) -> None:
    """Those whose worker died."""
    await following.settle_marked()


@blueprint.periodic(cron="17 * * * *")
@blueprint.task(name="missing_work", pass_context=False)
async def missing_work(timestamp: int) -> None:
    """Each hour: write the score of work that became missing, where a class has a policy for that."""
    if written := await missing.write_missing():
        _log.info("missing_work_written", grades=written)


@blueprint.periodic(cron="11 2 * * *")
@blueprint.task(name="grades_checked", pass_context=False)
async def grades_checked(timestamp: int) -> None:
    """Each night: grades that are not what the ledger says, and totals that are not what the grades come to."""
    if mended := await integrity.check_all():
        _log.warning("grades_repaired", classes=mended)
