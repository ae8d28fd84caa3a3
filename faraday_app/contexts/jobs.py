"""What is mended in the background, whatever worker died."""

import procrastinate
import structlog

from faraday_app.accounts import service as accounts
from faraday_app.contexts.engine import finish_abandoned
from faraday_app.contexts.orchestration.conductor import conductor
from faraday_app.contexts.service import backups, importing, memory, reading, shares, summaries, summarising, sweeping
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.credits import service as credits
from faraday_app.security.service import attempts

blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="mend", pass_context=False)
async def mend(timestamp: int) -> None:
    """Finish abandoned runs, go on with questions to several GPTs, free holds nobody will settle, forget old tries."""
    finished = await finish_abandoned()
    taken_up = await conductor.take_up_abandoned()
    async with transaction(Actor.system()) as session:
        released = await credits.release_expired(session)
        await attempts.forget_old(session)
        await accounts.links.forget_old(session)
        await summaries.call_again(session)
    if finished or released or taken_up:
        _log.info("mended", runs=finished, holds=released, orchestrations=taken_up)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="import_left", pass_context=False)
async def import_left(timestamp: int) -> None:
    """Files whose reader was killed."""
    await importing.work()


@blueprint.task(name="import", pass_context=False)
async def import_now() -> None:
    """Read the files that wait."""
    await importing.work()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="backups_due", pass_context=False)
async def backups_due(timestamp: int) -> None:
    """Backups whose time has come, and work that a killed worker left."""
    await backups.begin_due()
    await backups.work()


@blueprint.task(name="backups", pass_context=False)
async def backups_now() -> None:
    """The backup or restore that somebody asked for."""
    await backups.work()


@blueprint.task(name="read", pass_context=False)
async def read() -> None:
    """The files that were just added (service.stored.READ)."""
    await reading.read_waiting()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="read_again", pass_context=False)
async def read_again(timestamp: int) -> None:
    """Those whose worker died, or that could not be read because something did not answer."""
    await reading.read_waiting()


@blueprint.task(name="look", pass_context=False)
async def look() -> None:
    """Look for what is worth remembering in what people said just now."""
    await memory.work_off()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="look_again", pass_context=False)
async def look_again(timestamp: int) -> None:
    """Also what was planned by a worker that is gone."""
    await memory.work_off()


@blueprint.task(name="find_meanings", pass_context=False)
async def find_meanings() -> None:
    """What the memories mean that were kept or changed just now."""
    await memory.find_all()


@blueprint.periodic(cron="*/10 * * * *")
@blueprint.task(name="find_meanings_left", pass_context=False)
async def find_meanings_left(timestamp: int) -> None:
    """Also of those that came back from a backup, and of all after another model of sentences came."""
    await memory.find_all()


@blueprint.periodic(cron="23 3 * * *")
@blueprint.task(name="erase_forgotten", pass_context=False)
async def erase_forgotten(timestamp: int) -> None:
    """The words of memories that were forgotten, and what shares held that have run out."""
    erased, ended = await memory.erase(), await shares.erase()
    if erased or ended:
        _log.info("forgotten_erased", memories=erased, shares=ended)


@blueprint.periodic(cron="43 2 * * *")
@blueprint.task(name="sweep_files", pass_context=False)
async def sweep_files(timestamp: int) -> None:
    """Each night: files in the store that nothing speaks of any more."""
    if removed := await sweeping.sweep():
        _log.info("files_swept", files=removed)


@blueprint.task(name="summarise")
async def summarise() -> None:
    """Make the summaries that are wanted: nobody waits for them."""
    made = await summarising.make_all()
    _log.info("summarised", summaries=made)
