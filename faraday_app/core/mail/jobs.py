"""Mail leaves at once, and what could not is tried every minute by whichever worker lives."""

import asyncio

import procrastinate
import structlog

from faraday_app.core.errors import FaradayError
from faraday_app.core.facts import listener
from faraday_app.core.mail.service import WAITING, deliver_waiting

blueprint = procrastinate.Blueprint()
_log = structlog.get_logger(__name__)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="deliver", pass_context=False)
async def deliver(timestamp: int) -> None:
    await deliver_waiting()


async def deliver_when_told() -> None:
    """Until cancelled: send as soon as a transaction has posted something."""
    told = asyncio.Event()
    with listener.watching(WAITING, callback=told.set):
        while True:
            await told.wait()
            told.clear()
            try:
                await deliver_waiting()
            except FaradayError as error:
                _log.warning("mail_waits", error=str(error))
