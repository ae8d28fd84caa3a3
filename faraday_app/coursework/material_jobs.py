"""The text of new files of materials is read in the background."""

import procrastinate

from faraday_app.coursework.service import materials

blueprint = procrastinate.Blueprint()


@blueprint.task(name="read", pass_context=False)
async def read() -> None:
    """The files that were just added (service.materials.stored.READ)."""
    await materials.read_waiting()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="read_again", pass_context=False)
async def read_again(timestamp: int) -> None:
    """Those whose worker died, or that could not be read because something did not answer."""
    await materials.read_waiting()
