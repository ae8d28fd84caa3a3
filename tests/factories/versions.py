"""Versions and notes, through the services."""

from uuid import UUID

from faraday_app.contexts.models import Gpt, Subject
from faraday_app.contexts.service import gpts, notes
from faraday_app.contexts.service.versions import reading, restoring
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor


async def change_gpt(actor: Actor, gpt: Gpt, version: int, **fields: object) -> Gpt:
    """With these fields otherwise than they are in ``gpt``."""
    draft = gpts.Draft(**{**{name: getattr(gpt, name) for name in gpts.Draft.__dataclass_fields__}, **fields})
    async with transaction(actor) as session:
        return await gpts.change(session, actor, gpt.id, version, draft)


async def history(actor: Actor, thing_id: UUID, kind: Subject = Subject.gpt) -> list[reading.Listed]:
    async with transaction(actor) as session:
        return await reading.listed(session, actor, kind, thing_id)


async def restore(actor: Actor, version_id: UUID) -> None:
    async with transaction(actor) as session:
        await restoring.restore(session, actor, version_id)


async def write_notes(actor: Actor, context_id: UUID, base: str | None, text: str) -> notes.Written:
    async with transaction(actor) as session:
        return await notes.write(session, actor, context_id, base, text)


async def read_notes(actor: Actor, context_id: UUID) -> notes.Written:
    async with transaction(actor) as session:
        return await notes.read(session, actor, context_id)
