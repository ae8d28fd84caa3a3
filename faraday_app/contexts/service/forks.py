"""A new conversation that begins as another one was up to a message."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Access, Context, Gpt, Member, Message, Mode, Status
from faraday_app.contexts.service import branches, gpts, reach
from faraday_app.contexts.service.conversations import announce
from faraday_app.contexts.service.looking import open_context
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway import service as gateway
from faraday_app.security.service import record

MOST_MESSAGES = 2_000
KEPT = ("author", "author_id", "content", "status", "error", "model", "created_at", "finished_at", "gpt_id")


async def fork(session: AsyncSession, actor: Actor, context_id: UUID, message_id: UUID) -> Context:
    """The branch down to this message, owned by whoever forks. Nobody else is in it, and nothing is paid again."""
    context, _ = await open_context(session, actor, context_id)
    actor.must(Permission.assistant_use, reach.of_ones_own(actor))
    message = await branches.get_message(session, context, message_id)
    if message.status == Status.running:
        raise Invalid("This answer is still being written. Wait for it or stop it first.")
    path = await branches.path_to(session, message.id, MOST_MESSAGES)
    copy = await _begun(session, actor, context)
    copy.leaf_id = await _copied(session, copy, path)
    record(session, actor, "context.forked", context, message_id=str(message.id), into=str(copy.id))
    record(session, actor, "context.created", copy)
    await session.flush()
    await announce(session, copy)
    return copy


async def _begun(session: AsyncSession, actor: Actor, context: Context) -> Context:
    """With the same GPTs, those of them that whoever forks may use themselves."""
    usable = select(col(Gpt.id)).where(col(Gpt.id).in_(context.gpt_ids), gpts.visible(actor))
    seen = set(await session.scalars(usable))
    gpt_ids = [each for each in context.gpt_ids if each in seen]
    copy = Context(
        organization_id=actor.organization,
        owner_id=actor.user,
        title=f"{context.title[:190]} (fork)",
        model=await _model(actor, context.model),
        gpt_ids=gpt_ids,
        mode=context.mode if len(gpt_ids) > 1 else Mode.single,
        step_limit=context.step_limit,
    )
    session.add(copy)
    await session.flush()
    session.add(Member(organization_id=actor.organization, context_id=copy.id, user_id=actor.user, access=Access.owner))
    return copy


async def _copied(session: AsyncSession, copy: Context, path: list[Message]) -> UUID | None:
    """Their words and who said them. Tokens and credits stay where they were spent; the last one's new id."""
    parent: UUID | None = None
    rows = []
    for message in path:
        kept = {name: getattr(message, name) for name in KEPT}
        row = Message(id=new_id(), organization_id=copy.organization_id, context_id=copy.id, parent_id=parent, **kept)
        rows.append(row)
        parent = row.id
    session.add_all(rows)
    await session.flush()
    return parent


async def _model(actor: Actor, name: str) -> str:
    """The same one where they may use it."""
    return name if name in {gateway.AUTO, *await gateway.names(actor)} else await gateway.name_of_choice(actor)
