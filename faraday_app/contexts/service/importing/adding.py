"""Drafts become conversations of whoever brought the file."""

import hashlib
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Access, Author, Context, ImportedContext, Member, Message, Status
from faraday_app.contexts.service.importing.drafts import Draft, DraftMessage
from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor

AT_ONCE = 500  # messages in one statement


class Came(StrEnum):
    """What a draft was to what is here: new, longer than before, or the same."""

    new = "new"
    grown = "grown"
    known = "known"


async def add(session: AsyncSession, actor: Actor, source: str, draft: Draft, model: str) -> tuple[Came, int]:
    """How it came, and how many messages were added. A conversation that came before only gets what is new in it.

    ``model`` answers in it from now on; the models that the file names are but words.
    """
    source_key = _hash(f"{source}:{draft.key}")
    query = select(ImportedContext).where(
        col(ImportedContext.owner_id) == actor.user,
        col(ImportedContext.organization_id) == actor.organization,
        col(ImportedContext.source_key) == source_key,
    )
    link = await session.scalar(query)
    context = await session.get(Context, link.context_id, with_for_update=True) if link else None
    is_new = context is None
    if context is None:
        context = await _begin(session, actor, source_key, draft, model)
    had = {} if is_new else await _there(session, context.id)
    added = await _add_messages(session, actor, context, draft, had)
    if not is_new and not added:
        return Came.known, 0
    leaf = had.get(_key(draft.leaf)) or added.get(_key(draft.leaf))
    if is_new or (context.leaf_id in had.values() and leaf in added.values()):
        context.leaf_id = leaf
        context.version += 0 if is_new else 1
    publish_on_commit(session, topic("context", context.id))
    return (Came.new if is_new else Came.grown), len(added)


async def _begin(session: AsyncSession, actor: Actor, source_key: str, draft: Draft, model: str) -> Context:
    used_at = draft.at or max((each.at for each in draft.messages if each.at), default=None) or now()
    context = Context(
        organization_id=actor.organization,
        owner_id=actor.user,
        title=draft.title,
        model=model,
        updated_at=used_at,
        created_at=next((each.at for each in draft.messages if each.at), used_at),
    )
    session.add(context)
    await session.flush()
    session.add(
        Member(organization_id=actor.organization, context_id=context.id, user_id=actor.user, access=Access.owner)
    )
    session.add(
        ImportedContext(
            organization_id=actor.organization, owner_id=actor.user, source_key=source_key, context_id=context.id
        )
    )
    await session.flush()
    return context


async def _there(session: AsyncSession, context_id: UUID) -> dict[str, UUID]:
    """The messages that came with a file before, by their keys."""
    query = select(col(Message.request_key), col(Message.id)).where(
        col(Message.context_id) == context_id, col(Message.request_key).startswith("import:")
    )
    return {str(key): id for key, id in await session.execute(query)}


async def _add_messages(
    session: AsyncSession, actor: Actor, context: Context, draft: Draft, had: dict[str, UUID]
) -> dict[str, UUID]:
    """In the order of the draft, where a parent comes first; ids follow it, since siblings are sorted by them."""
    ids = dict(had)
    rows: list[dict[str, object]] = []
    last = context.created_at
    for each in draft.messages:
        key = _key(each.key)
        if key in ids:
            continue
        ids[key] = new_id()
        last = each.at or last
        parent_id = ids[_key(each.parent)] if each.parent else None
        rows.append(_row(actor, context.id, each, ids[key], parent_id, key, last))
    for begin in range(0, len(rows), AT_ONCE):
        await session.execute(insert(Message), rows[begin : begin + AT_ONCE])
    return {key: id for key, id in ids.items() if key not in had}


def _row(
    actor: Actor, context_id: UUID, each: DraftMessage, id: UUID, parent_id: UUID | None, key: str, at: datetime
) -> dict[str, object]:
    """Somebody else's words are nobody's here, and say whose they are."""
    others = f"*{each.name}:*\n\n{each.text}" if each.name else each.text
    return {
        "id": id,
        "created_at": at,
        "organization_id": actor.organization,
        "context_id": context_id,
        "parent_id": parent_id,
        "author": Author.model if each.by_model else Author.person,
        "author_id": None if each.by_model or each.name else actor.user,
        "content": others,
        "status": Status.complete,
        "model": each.model or ("imported" if each.by_model else ""),
        "request_key": key,
        "finished_at": at,
    }


def _key(key: str) -> str:
    return f"import:{_hash(key)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
