"""Conversations: begin, find, rename, archive. Whoever is not a member cannot know that one exists."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Access, Context, Member, Message, Reason, Run
from faraday_app.contexts.service import reach
from faraday_app.contexts.service.versions import taking
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway import service as gateway
from faraday_app.security.service import record

PAGE = 30
UNTITLED = "New conversation"
_MARKS = str.maketrans("", "", "*_`#>")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A row of the list: the conversation, who owns it and whether an answer is being written."""

    id: UUID
    title: str
    updated_at: datetime
    owner_id: UUID
    owner_name: str
    members: int
    answering: bool
    archived: bool


async def begin(session: AsyncSession, actor: Actor, title: str = "", model: str = "") -> Context:
    actor.must(Permission.assistant_use, reach.of_ones_own(actor))
    context = Context(
        organization_id=actor.organization,
        owner_id=actor.user,
        title=_clean_title(title) if title.strip() else UNTITLED,
        model=await gateway.name_of_choice(actor, model),
    )
    session.add(context)
    await session.flush()
    session.add(
        Member(organization_id=actor.organization, context_id=context.id, user_id=actor.user, access=Access.owner)
    )
    record(session, actor, "context.created", context)
    await announce(session, context)
    return context


async def get_context(
    session: AsyncSession, actor: Actor, context_id: UUID, *, write: bool = False, lock: bool = False
) -> tuple[Context, Access]:
    """A conversation the actor is a member of, and their access. NotPermitted when they may only read and want more."""
    actor.must_at_all(Permission.assistant_use)
    query = (
        select(Context, col(Member.access))
        .join(Member, col(Member.context_id) == col(Context.id))
        .where(
            col(Context.id) == context_id,
            col(Context.organization_id) == actor.organization,
            col(Member.user_id) == actor.user,
        )
    )
    found = (await session.execute(query.with_for_update(of=Context) if lock else query)).one_or_none()
    if found is None:
        raise NotFound("This conversation does not exist, or is no longer shared with you.")
    context, access = found[0], Access(found[1])
    await reach.must_reach(session, actor, context)
    if write and not access.may_write:
        raise NotPermitted("You can read this conversation but not write in it. Ask its owner for editor access.")
    return context, access


async def search(
    session: AsyncSession,
    actor: Actor,
    text: str = "",
    *,
    archived: bool = False,
    before: tuple[datetime, UUID] | None = None,
    limit: int = PAGE,
) -> list[Conversation]:
    """The actor's conversations and those shared with them, last used first; text is sought in titles and messages."""
    actor.must_at_all(Permission.assistant_use)
    query = reach.within(actor, _listed(actor)).where(
        col(Context.archived_at).is_not(None) if archived else col(Context.archived_at).is_(None)
    )
    if text.strip():
        query = query.where(_mentions(text.strip()))
    if before:
        query = query.where(tuple_(col(Context.updated_at), col(Context.id)) < tuple_(*before))
    query = query.order_by(col(Context.updated_at).desc(), col(Context.id).desc()).limit(limit)
    return [Conversation(*row) for row in (await session.execute(query)).all()]


async def rename(session: AsyncSession, actor: Actor, context_id: UUID, title: str) -> None:
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    cleaned = _clean_title(title)
    await taking.keep(session, actor, context)
    context.title = cleaned
    context.version += 1
    await taking.take(session, actor, context)
    record(session, actor, "context.renamed", context)
    await announce(session, context)


async def choose_model(session: AsyncSession, actor: Actor, context_id: UUID, model: str) -> None:
    """Have this model give the answers from now on; ``gateway.AUTO``: whichever the policy chooses each time."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    name = await gateway.name_of_choice(actor, model)
    if context.model != name:
        await taking.keep(session, actor, context)
        record(session, actor, "context.model_chosen", context, before={"model": context.model}, after={"model": name})
        context.model = name
        context.version += 1
        await taking.take(session, actor, context)
        await announce(session, context)


async def set_archived(session: AsyncSession, actor: Actor, context_id: UUID, archived: bool) -> None:
    """Put a conversation away for all its members, or bring it back. Its owner's to do."""
    context, access = await get_context(session, actor, context_id, lock=True)
    if access is not Access.owner:
        raise NotPermitted("Only the owner can archive this conversation.")
    if (context.archived_at is not None) == archived:
        return
    await taking.keep(session, actor, context)
    context.archived_at = now() if archived else None
    await taking.take(session, actor, context, Reason.archived if archived else Reason.unarchived)
    record(session, actor, "context.archived" if archived else "context.restored", context)
    await announce(session, context)


async def announce(session: AsyncSession, context: Context, *former: UUID) -> None:
    """Have the open pages of the conversation, and the lists of all its members, read again."""
    publish_on_commit(session, topic("context", context.id))
    members = await session.scalars(select(col(Member.user_id)).where(col(Member.context_id) == context.id))
    for user_id in {*members, *former}:
        publish_on_commit(session, topic("conversations", user_id))


def title_from(text: str) -> str:
    """The beginning of a first message without its marks, cut at a word."""
    line = " ".join(text.translate(_MARKS).split()) or UNTITLED
    return line if len(line) <= 60 else line[:60].rsplit(" ", 1)[0] + "…"


def _clean_title(title: str) -> str:
    cleaned = " ".join(title.split())
    if not cleaned or len(cleaned) > 200:
        raise Invalid("Enter a title of up to 200 characters.", field="title")
    return cleaned


def _listed(actor: Actor) -> Select[UUID, str, datetime, UUID, str, int, bool, bool]:
    owner = select(col(User.name)).where(col(User.id) == col(Context.owner_id)).correlate(Context).scalar_subquery()
    others = select(func.count()).where(col(Member.context_id) == col(Context.id)).correlate(Context).scalar_subquery()
    answering = exists().where(col(Run.context_id) == col(Context.id), col(Run.finished_at).is_(None))
    mine = exists().where(col(Member.context_id) == col(Context.id), col(Member.user_id) == actor.user)
    return select(
        col(Context.id),
        col(Context.title),
        col(Context.updated_at),
        col(Context.owner_id),
        func.coalesce(owner, ""),
        others,
        answering,
        col(Context.archived_at).is_not(None),
    ).where(col(Context.organization_id) == actor.organization, mine)


def _mentions(text: str) -> ColumnElement[bool]:
    words = func.websearch_to_tsquery("simple", text)
    in_messages = exists().where(
        col(Message.context_id) == col(Context.id), func.to_tsvector("simple", col(Message.content)).op("@@")(words)
    )
    return or_(col(Context.title).icontains(text, autoescape=True), in_messages)
