"""Sealing anew after a rotation. Whatever killed the job, the next sweep goes on where it was."""

import procrastinate

from faraday_app.core.vault.rotation import reseal

RESEAL = "vault:reseal"
blueprint = procrastinate.Blueprint()


@blueprint.task(name="reseal", pass_context=False)
async def reseal_now() -> None:
    await reseal()


@blueprint.periodic(cron="*/10 * * * *")
@blueprint.task(name="sweep", pass_context=False)
async def sweep(timestamp: int) -> None:
    """Also what a worker sealed that had not heard of the rotation yet."""
    await reseal()
