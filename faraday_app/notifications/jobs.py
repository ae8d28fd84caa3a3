"""What is forgotten once nobody can need it."""

import procrastinate

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.notifications import service

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="50 3 * * *")
@blueprint.task(name="forget", pass_context=False)
async def forget(timestamp: int) -> None:
    """Each night: what people were told a year ago."""
    async with transaction(Actor.system()) as session:
        await service.forget_old(session)
