"""What is forgotten once nobody can need it."""

import procrastinate

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.security.service import devices, sessions

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="40 3 * * *")
@blueprint.task(name="forget", pass_context=False)
async def forget(timestamp: int) -> None:
    """Each night: sessions that ended 90 days ago, browsers whose cookie has expired."""
    async with transaction(Actor.system()) as session:
        await sessions.forget_old(session)
        await devices.forget_old(session)
