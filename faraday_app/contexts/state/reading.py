"""What all who may see a conversation see alike, read once for many tabs."""

from uuid import UUID

from faraday_app.contexts.models import Author, Run
from faraday_app.contexts.service import branches, runs
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway


async def read_branch(
    actor: Actor, context_id: UUID, limit: int
) -> tuple[list[branches.Shown], dict[UUID, gateway.Way], Run | None, bool]:
    """The branch and how its answers came about, the run that writes its last message, and whether any is written."""
    async with transaction(actor) as session:
        shown = await branches.branch(session, actor, context_id, limit=limit)
        answers = [item.message.id for item in shown if item.message.author == Author.model]
        ways = await gateway.ways_of(session, actor.organization, answers)
        writing = await runs.open_runs(session, context_id)
        together = await runs.open_orchestration(session, context_id)
    last = shown[-1].message.id if shown else None
    run = next((run for run in writing if run.message_id == last), None)
    return shown, ways, run, bool(writing) or together is not None
