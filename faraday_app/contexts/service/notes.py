"""The notes of a conversation, which all who may write in it write together.

Each change says from which text it was made. What others changed meanwhile is merged with it; where both changed the
same lines the writer chooses, and both texts stay in the conversation's history.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context, Given, Note, Reason
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.merging import MergedText, merge_texts, merge_without_base
from faraday_app.contexts.service.versions import taking
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal, unseal
from faraday_app.security.service import record

LONGEST = 20_000
SETTLED_AFTER = timedelta(minutes=1)  # of writing, before there is a version of it


class NotesClash(Conflict):
    """Both changed the same lines. Nothing was written; ``theirs`` is what there is, in this ``version``."""

    def __init__(self, merged: MergedText, theirs: str, version: int) -> None:
        super().__init__("Somebody else changed the same lines. Choose what shall stand.")
        self.merged, self.theirs, self.version = merged, theirs, version


@dataclass(frozen=True, slots=True)
class Written:
    """The notes as they are. Version 0: nobody has written any."""

    text: str
    version: int


async def read(session: AsyncSession, actor: Actor, context_id: UUID) -> Written:
    """For everybody in the conversation."""
    await get_context(session, actor, context_id)
    note = await _note(session, context_id)
    return Written(await _text(note), note.version) if note else Written("", 0)


async def write(session: AsyncSession, actor: Actor, context_id: UUID, base: str | None, mine: str) -> Written:
    """Change ``base``, the text that the writer had before them, to ``mine``; merged with what others did meanwhile.

    None as the base: nobody knows any more what it was. NotesClash where a person has to choose.
    """
    context, _ = await get_context(session, actor, context_id, write=True)
    mine = mine.replace("\r\n", "\n")
    await taking.alone(session, context.id)
    note = await _locked(session, context)
    theirs = await _text(note)
    if base is None:
        merged = await asyncio.to_thread(merge_without_base, mine, theirs)
    else:
        merged = await asyncio.to_thread(merge_texts, base.replace("\r\n", "\n"), mine, theirs)
    if merged.clashes:
        raise NotesClash(merged, theirs, note.version)
    return await _write(session, actor, context, note, merged.text())


async def set_aside(session: AsyncSession, actor: Actor, context_id: UUID, text: str) -> None:
    """Keep what somebody had written in the history, whatever they chose of it."""
    context, _ = await get_context(session, actor, context_id, write=True)
    await taking.keep(session, actor, context)
    await taking.take(session, actor, context, Reason.set_aside, instead={"notes": {"text": text}})


async def kept(session: AsyncSession, context: Context) -> dict[str, Any] | None:
    """For versions of the conversation."""
    note = await _note(session, context.id)
    text = await _text(note) if note else ""
    return {"text": text} if text else None


async def restore(session: AsyncSession, actor: Actor, context: Context, value: dict[str, Any] | None) -> None:
    text = str((value or {}).get("text", ""))
    note = await _note(session, context.id)
    if text != (await _text(note) if note else ""):
        await _write(session, actor, context, await _locked(session, context), text)


def told(value: dict[str, Any]) -> str:
    return str(value["text"])


async def source(session: AsyncSession, actor: Actor, occasion: Occasion) -> Sequence[Item]:
    """What the notes say is given to whoever answers."""
    note = await _note(session, occasion.context.id)
    text = await _text(note) if note else ""
    return [Item(Given.data, str(note.id), note.version, "Shared notes", text)] if note and text else []


async def _write(session: AsyncSession, actor: Actor, context: Context, note: Note, text: str) -> Written:
    before = await _text(note)
    if len(text) > LONGEST:
        raise Invalid(f"Notes have {LONGEST:,} characters at most.", field="notes")
    if text == before:
        return Written(text, note.version)
    if note.updated_by not in (None, actor.user_id):
        await taking.keep(session, actor, context, by=note.updated_by)
    note.sealed_text = await seal(note.organization_id, text, f"notes {note.id}")
    note.version, note.updated_by, note.updated_at = note.version + 1, actor.user_id, now()
    await session.flush()
    if await _is_due(session, context):
        await taking.take(session, actor, context)
        record(session, actor, "notes.changed", context, version=note.version)
    publish_on_commit(session, topic("notes", context.id))
    return Written(text, note.version)


async def _is_due(session: AsyncSession, context: Context) -> bool:
    """Not a version for each letter: what comes before the next one is kept when something replaces it."""
    last = await taking.newest(session, context.id)
    return last is None or now() - last[0].created_at > SETTLED_AFTER


async def _note(session: AsyncSession, context_id: UUID) -> Note | None:
    return await session.scalar(select(Note).where(col(Note.context_id) == context_id))


async def _locked(session: AsyncSession, context: Context) -> Note:
    """The one of this conversation, made where there is none; two who write at once take turns."""
    values = {"id": new_id(), "created_at": now(), "organization_id": context.organization_id, "version": 0}
    await session.execute(
        insert(Note)
        .values(**values, context_id=context.id, updated_at=now())
        .on_conflict_do_nothing(index_elements=["context_id"])
    )
    query = select(Note).where(col(Note.context_id) == context.id).with_for_update()
    return (await session.execute(query, execution_options={"populate_existing": True})).scalar_one()


async def _text(note: Note) -> str:
    return await unseal(note.sealed_text, f"notes {note.id}") if note.sealed_text else ""
