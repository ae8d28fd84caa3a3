"""What one click does about a finding that is about a GPT: the ordinary change, under the rights of its owner."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service import gpts, knowledge, shares
from faraday_app.contexts.service.findings import Remedy
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway


async def mend(session: AsyncSession, actor: Actor, remedy: str, target: UUID, of: UUID | None) -> None:
    """``target`` and ``of`` are those of the finding. Invalid for what is no remedy of a GPT."""
    match remedy:
        case Remedy.gpt_auto | Remedy.drop_tools:
            await _change(session, actor, target, Remedy(remedy))
        case Remedy.read_again:
            await knowledge.again(session, actor, _of(of), target)
        case Remedy.remove_file:
            await knowledge.remove(session, actor, _of(of), target)
        case Remedy.renew_share:
            found, _ = await shares.read(session, actor, target)
            await shares.renew(session, actor, target, found.share.version)
        case Remedy.end_share:
            await shares.end(session, actor, target)
        case Remedy.note_share:
            await shares.note(session, actor, target)
        case _:
            raise Invalid("This cannot be done with one click.")


async def _change(session: AsyncSession, actor: Actor, gpt_id: UUID, remedy: Remedy) -> None:
    """Tools that are not there any more go with any change: nobody could choose them again."""
    gpt = await gpts.owned(session, actor, gpt_id)
    draft = replace(gpts.draft_of(gpt), tools=tuple(name for name in gpt.tools if name in TOOLS))
    if remedy is Remedy.gpt_auto:
        draft = replace(draft, model=gateway.AUTO)
    await gpts.change(session, actor, gpt.id, gpt.version, draft)


def _of(gpt_id: UUID | None) -> UUID:
    if gpt_id is None:
        raise NotFound
    return gpt_id
