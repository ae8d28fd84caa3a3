"""The data of a conversation: texts, notes, tables, links and files that its answers may draw on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Context, DataItem, DataKind, Given, StoredFile
from faraday_app.contexts.service import stored
from faraday_app.contexts.service.conversations import announce as announce_context
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.data.drafts import Draft, clean, clean_title
from faraday_app.contexts.service.versions import taking
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.extraction import FileKind
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal, unseal
from faraday_app.security.service import record

MOST = 100  # items of a conversation


@dataclass(frozen=True, slots=True)
class Listed:
    """``left_out``: the model is not given it."""

    item: DataItem
    author_name: str
    file: StoredFile | None
    left_out: bool


async def listed(session: AsyncSession, actor: Actor, context_id: UUID) -> list[Listed]:
    """All there are, in their order: never more than ``MOST``."""
    context, _ = await get_context(session, actor, context_id)
    name = select(col(User.name)).where(col(User.id) == col(DataItem.author_id)).correlate(DataItem).scalar_subquery()
    query = select(DataItem, name).where(*_present(context)).order_by(col(DataItem.position), col(DataItem.id))
    rows = (await session.execute(query.limit(MOST))).all()
    files = await stored.of(session, {item.file_id for item, _ in rows if item.file_id})
    left_out = set(context.left_out)
    return [
        Listed(item, author or "", files.get(item.file_id or item.id), key_of(item) in left_out)
        for item, author in rows
    ]


async def get(session: AsyncSession, actor: Actor, context_id: UUID, item_id: UUID) -> Listed:
    await get_context(session, actor, context_id)
    found = next((each for each in await listed(session, actor, context_id) if each.item.id == item_id), None)
    if found is None:
        raise NotFound("This is not among the data of the conversation.")
    return found


async def content_of(item: DataItem, file: StoredFile | None = None) -> str:
    """Its words: what was written, or what was read of the file."""
    if item.sealed_content is not None:
        return await unseal(item.sealed_content, purpose_of(item))
    return await stored.text_of(file) if file else ""


async def add(session: AsyncSession, actor: Actor, context_id: UUID, draft: Draft, key: str | None = None) -> DataItem:
    """For whoever may write. With the key of an earlier call, that one's item."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    if earlier := await _asked_before(session, context, key):
        return earlier
    wanted = clean(draft)
    item = await _new(session, actor, context, wanted.kind, wanted.title, key)
    item.sealed_content = await seal(context.organization_id, wanted.content, purpose_of(item))
    return await _added(session, actor, context, item)


async def add_file(
    session: AsyncSession,
    actor: Actor,
    context_id: UUID,
    name: str,
    content: bytes,
    key: str | None = None,
) -> DataItem:
    """A file that is read in the background. One of comma-separated values is a table."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    if earlier := await _asked_before(session, context, key):
        return earlier
    file = await stored.store(session, actor, name, content)
    kind = DataKind.table if file.kind == FileKind.csv else DataKind.file
    item = await _new(session, actor, context, kind, file.name, key)
    item.file_id = file.id
    return await _added(session, actor, context, item)


async def change(
    session: AsyncSession, actor: Actor, context_id: UUID, item_id: UUID, version: int, title: str, content: str | None
) -> DataItem:
    """Conflict when somebody changed it since that version. A file keeps its content; None: so does anything."""
    context, item = await _own(session, actor, context_id, item_id)
    if item.version != version:
        raise Conflict("This was changed meanwhile. Open it again and repeat your change.")
    if item.sealed_content is not None and content is not None:
        wanted = clean(Draft(DataKind(item.kind), title, content))
        item.title = wanted.title
        item.sealed_content = await seal(item.organization_id, wanted.content, purpose_of(item))
    elif content is not None:
        raise Invalid("The words of a file cannot be changed here. Add a newer file instead.", field="content")
    else:
        item.title = clean_title(title) or item.title
    item.version, item.updated_at = item.version + 1, now()
    await _tell(session, actor, context, item, "data.changed")
    return item


async def attach(session: AsyncSession, actor: Actor, context_id: UUID, item_id: UUID, file_id: UUID) -> DataItem:
    """What was read of the page that a link leads to, in the place of an earlier reading."""
    context, item = await _own(session, actor, context_id, item_id)
    item.file_id, item.updated_at = file_id, now()
    item.version += 1
    await _tell(session, actor, context, item, "data.read")
    return item


async def read_again(session: AsyncSession, actor: Actor, context_id: UUID, item_id: UUID) -> None:
    """A file that could not be read."""
    _, item = await _own(session, actor, context_id, item_id)
    file = (await stored.of(session, [item.file_id] if item.file_id else [])).get(item.file_id or item.id)
    if file:
        await stored.read_again(session, file)


async def remove(session: AsyncSession, actor: Actor, context_id: UUID, item_id: UUID) -> None:
    """Answers are not given it any more. It can be brought back."""
    context, item = await _own(session, actor, context_id, item_id)
    item.deleted_at = now()
    item.version += 1
    await _tell(session, actor, context, item, "data.removed")


async def bring_back(session: AsyncSession, actor: Actor, context_id: UUID, item_id: UUID) -> None:
    context, item = await _own(session, actor, context_id, item_id, present=False)
    if item.deleted_at is not None:
        await _must_have_room(session, context)
        item.deleted_at = None
        item.version += 1
        await _tell(session, actor, context, item, "data.restored")


async def leave_out(session: AsyncSession, actor: Actor, context_id: UUID, item_id: UUID, out: bool) -> None:
    """Keep it, but do not give it to the model; or give it again."""
    context, item = await _own(session, actor, context_id, item_id)
    others = [each for each in context.left_out if each != key_of(item) and not each.startswith(f"{key_of(item)}.")]
    wanted = [*others, key_of(item)] if out else others
    if wanted != context.left_out:
        context.left_out = wanted
        context.version += 1
        await _tell(session, actor, context, item, "data.left_out" if out else "data.taken_in")
        await announce_context(session, context)


async def present(session: AsyncSession, context: Context) -> Sequence[DataItem]:
    """What there is of a conversation that the caller has a right to."""
    query = select(DataItem).where(*_present(context)).order_by(col(DataItem.position), col(DataItem.id)).limit(MOST)
    return (await session.scalars(query)).all()


def key_of(item: DataItem) -> str:
    """By this the conversation remembers that it is left out; its passages are ``key.place``."""
    return f"{Given.data}:{item.id}"


def purpose_of(item: DataItem) -> str:
    return f"item {item.id} of a conversation"


def _present(context: Context) -> tuple[ColumnElement[bool], ...]:
    return (col(DataItem.context_id) == context.id, col(DataItem.deleted_at).is_(None))


async def _own(
    session: AsyncSession, actor: Actor, context_id: UUID, item_id: UUID, *, present: bool = True
) -> tuple[Context, DataItem]:
    """For whoever may write; both rows are locked, and what there is has a version."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    await taking.keep(session, actor, context)
    query = select(DataItem).where(col(DataItem.id) == item_id, col(DataItem.context_id) == context.id)
    item = await session.scalar(query.with_for_update())
    if item is None or (present and item.deleted_at is not None):
        raise NotFound("This is not among the data of the conversation.")
    return context, item


async def _asked_before(session: AsyncSession, context: Context, key: str | None) -> DataItem | None:
    if key is None:
        return None
    query = select(DataItem).where(col(DataItem.context_id) == context.id, col(DataItem.request_key) == key)
    return await session.scalar(query)


async def _new(
    session: AsyncSession, actor: Actor, context: Context, kind: DataKind, title: str, key: str | None = None
) -> DataItem:
    last = await _must_have_room(session, context)
    await taking.keep(session, actor, context)
    return DataItem(
        id=new_id(),
        organization_id=context.organization_id,
        context_id=context.id,
        kind=kind,
        title=title,
        author_id=actor.user,
        position=last + 1,
        request_key=key,
    )


async def _must_have_room(session: AsyncSession, context: Context) -> int:
    """The last position that is taken."""
    query = select(func.count(), func.coalesce(func.max(col(DataItem.position)), 0)).where(*_present(context))
    count, last = (await session.execute(query)).one()
    if count >= MOST:
        raise Invalid(f"A conversation can have {MOST} items of data. Remove one first.")
    return int(last)


async def _added(session: AsyncSession, actor: Actor, context: Context, item: DataItem) -> DataItem:
    session.add(item)
    await session.flush()
    await _tell(session, actor, context, item, "data.added")
    return item


async def _tell(session: AsyncSession, actor: Actor, context: Context, item: DataItem, action: str) -> None:
    await taking.take(session, actor, context)
    record(session, actor, action, item, kind=item.kind, context_id=str(context.id))
    publish_on_commit(session, topic("data", context.id))
