"""What was refused at the door, told to whoever keeps the trail. A flood cannot fill it."""

from collections.abc import Awaitable, Callable

import structlog

from faraday_app.core.errors import FaradayError
from faraday_app.core.limits import Rate
from faraday_app.core.permissions import Actor

OF_ONE_KIND = Rate(per_second=1 / 60, burst=1)  # for each person and what they tried
OF_ONE_PERSON = Rate(per_second=1 / 6, burst=10)

Keep = Callable[[Actor, str, str], Awaitable[None]]
_keep: list[Keep] = []
_log = structlog.get_logger(__name__)


def keep_with(keep: Keep) -> None:
    """Called once by the roll-call."""
    _keep[:] = [keep]


async def note(actor: Actor | None, what: str, permission: str) -> None:
    """Someone signed in was refused. It stays refused also when this cannot be written down."""
    if actor is None or actor.user_id is None:
        return
    if OF_ONE_KIND.take(f"{actor.user_id} {what}") or OF_ONE_PERSON.take(str(actor.user_id)):
        return
    for keep in _keep:
        try:
            await keep(actor, what, permission)
        except FaradayError as error:
            _log.warning("refusal_not_recorded", user_id=str(actor.user_id), what=what, error=str(error))
