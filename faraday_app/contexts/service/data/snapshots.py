"""All data of a conversation as plain values, for whoever keeps its versions; and back."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context, DataItem, DataKind, Member
from faraday_app.contexts.service.data.items import MOST, present, purpose_of
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal, unseal
from faraday_app.security.service import record


async def export_items(session: AsyncSession, context: Context) -> list[dict[str, Any]]:
    """In their order. ``content`` is in the clear: whoever keeps it seals it. Files are named, not copied: they never
    change, and none is erased while the conversation is there."""
    return [
        {
            "id": str(item.id),
            "kind": item.kind,
            "title": item.title,
            "content": await unseal(item.sealed_content, purpose_of(item)) if item.sealed_content else None,
            "file_id": str(item.file_id) if item.file_id else None,
        }
        for item in await present(session, context)
    ]


async def restore_items(session: AsyncSession, actor: Actor, context: Context, items: list[dict[str, Any]]) -> None:
    """Make the data what it was. What came since is removed softly; what was removed comes back, under its old id.

    The caller has checked that the actor may write. Invalid for what is no export of this conversation.
    """
    rows = await session.scalars(select(DataItem).where(col(DataItem.context_id) == context.id).with_for_update())
    there = {item.id: item for item in rows}
    wanted = [_read(each) for each in items[:MOST]]
    await _must_be_seen(session, actor, wanted)
    for position, each in enumerate(wanted, 1):
        item = there.get(each["id"]) or await _again(session, actor, context, each)
        await _put_back(item, each, position)
    kept = {each["id"] for each in wanted}
    for item in there.values():
        if item.id not in kept and item.deleted_at is None:
            item.deleted_at = now()
            item.version += 1
    await session.flush()
    record(session, actor, "data.set_back", context, items=len(wanted))
    publish_on_commit(session, topic("data", context.id))


def _read(each: dict[str, Any]) -> dict[str, Any]:
    try:
        file_id = UUID(each["file_id"]) if each.get("file_id") else None
        content = None if each.get("content") is None else str(each["content"])
        return {
            "id": UUID(each["id"]),
            "kind": DataKind(each["kind"]),
            "title": str(each["title"])[:200],
            "content": content,
            "file_id": file_id,
        }
    except (KeyError, TypeError, ValueError):
        raise Invalid("These are not the data of a conversation.") from None


async def _must_be_seen(session: AsyncSession, actor: Actor, wanted: list[dict[str, Any]]) -> None:
    """A file that is named was in a conversation of the actor's, this or another: an id alone opens nothing."""
    named = {each["file_id"] for each in wanted if each["file_id"]}
    query = (
        select(col(DataItem.file_id))
        .join(Member, col(Member.context_id) == col(DataItem.context_id))
        .where(col(Member.user_id) == actor.user, col(DataItem.file_id).in_(named))
    )
    if named - set((await session.scalars(query)).all()):
        raise Invalid("One of the files was never in a conversation of yours.")


async def _again(session: AsyncSession, actor: Actor, context: Context, each: dict[str, Any]) -> DataItem:
    """One that is gone altogether; in another conversation it would be another item."""
    taken = await session.get(DataItem, each["id"])
    item = DataItem(
        organization_id=context.organization_id,
        context_id=context.id,
        kind=each["kind"],
        title=each["title"],
        author_id=actor.user,
    )
    if taken is None:
        item.id = each["id"]
    session.add(item)
    return item


async def _put_back(item: DataItem, each: dict[str, Any], position: int) -> None:
    before = (item.title, item.kind, item.file_id, item.deleted_at, item.position)
    old = await unseal(item.sealed_content, purpose_of(item)) if item.sealed_content else None
    item.title, item.kind, item.file_id, item.deleted_at, item.position = (
        each["title"], each["kind"], each["file_id"], None, position,
    )  # fmt: skip
    if old != each["content"]:
        content = each["content"]
        item.sealed_content = None if content is None else await seal(item.organization_id, content, purpose_of(item))
    if old != each["content"] or before != (item.title, item.kind, item.file_id, None, position):
        item.version, item.updated_at = item.version + 1, now()
