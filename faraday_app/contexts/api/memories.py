"""Memory over HTTP: one's own, that of one's conversations, and that of one's department."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from faraday_app.contexts.models import MemoryKind, MemoryScope, MemoryStatus
from faraday_app.contexts.service import memory
from faraday_app.contexts.service.memory import LONGEST, Draft, Remembered, Wanted
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(tags=["memory"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Words = Annotated[Text, Field(min_length=1, max_length=LONGEST, examples=["Prefers short answers with an example."])]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that was read; an older one is refused.")]


class MemoryIn(BaseModel):
    """What is to be remembered, and for whom."""

    text: Words
    kind: MemoryKind = Field(MemoryKind.fact, description="`wish` is how answers should be.")
    scope: MemoryScope = Field(MemoryScope.person, description="A `person`'s own is seen by nobody else.")
    conversation_id: UUID | None = Field(None, description="Which conversation; needed for the scope `context`.")

    def draft(self) -> Draft:
        return Draft(self.text, self.kind, self.scope, self.conversation_id)


class MemoryChange(BaseModel):
    text: Words
    kind: MemoryKind
    version: Version


class Decision(BaseModel):
    version: Version


class Proposing(BaseModel):
    on: bool = Field(description="Whether GPTs may propose memories after their answers.")


class MemoryOut(BaseModel):
    """``message_id`` and ``gpt_id``: from what was said, and who proposed it; null for what a person wrote."""

    id: UUID
    text: str
    kind: MemoryKind
    scope: MemoryScope
    status: MemoryStatus
    owner_id: UUID
    conversation_id: UUID | None
    message_id: UUID | None
    gpt_id: UUID | None
    created_at: datetime
    last_used_at: datetime | None
    version: int


@router.get("/memories", summary="List memories", responses=problems(422))
async def list_memories(
    actor: Person,
    text: Annotated[Search, Query(description="Words in it.")] = "",
    kind: MemoryKind | None = None,
    scope: MemoryScope | None = None,
    status: MemoryStatus | None = None,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[MemoryOut]:
    """One's own, what one gave to conversations, and what one's department remembers; newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        wanted = Wanted(text, kind, scope, status)
        found = await memory.listed(session, actor, wanted, before[0] if before else None, limit + 1)
    return page(found, limit, _out, "id")


@router.post("/memories", status_code=201, summary="Remember something", responses=problems(404, 422, 429))
async def remember(actor: Person, wanted: MemoryIn) -> MemoryOut:
    """The same words again in the same place give what is remembered already."""
    async with transaction(actor) as session:
        made = await memory.remember(session, actor, wanted.draft())
        return _out(await memory.told(session, actor, made))


@router.delete("/memories", status_code=204, summary="Forget everything about oneself")
async def forget_everything(actor: Person) -> None:
    """One's own memory, and what one gave to conversations. What the department remembers stays."""
    async with transaction(actor) as session:
        await memory.forget_everything(session, actor)


@router.get("/memories/{memory_id}", summary="Get a memory", responses=problems(404, 422))
async def get_memory(actor: Person, memory_id: UUID) -> MemoryOut:
    async with transaction(actor) as session:
        return _out(await memory.told(session, actor, await memory.get_memory(session, actor, memory_id)))


@router.put("/memories/{memory_id}", summary="Change a memory", responses=problems(404, 409, 422))
async def change_memory(actor: Person, memory_id: UUID, wanted: MemoryChange) -> MemoryOut:
    async with transaction(actor) as session:
        changed = await memory.change(session, actor, memory_id, wanted.version, wanted.text, wanted.kind)
        return _out(await memory.told(session, actor, changed))


@router.delete("/memories/{memory_id}", status_code=204, summary="Forget a memory", responses=problems(404, 422))
async def forget(actor: Person, memory_id: UUID) -> None:
    """No model is given it from now on. Its words are erased a week later."""
    async with transaction(actor) as session:
        await memory.forget(session, actor, memory_id)


@router.delete("/memories/{memory_id}/forgotten", summary="Bring a memory back", responses=problems(404, 422))
async def bring_back(actor: Person, memory_id: UUID) -> MemoryOut:
    """While its words are not erased."""
    async with transaction(actor) as session:
        return _out(await memory.told(session, actor, await memory.bring_back(session, actor, memory_id)))


@router.post("/memories/{memory_id}/keep", summary="Approve a memory", responses=problems(404, 409, 422, 429))
async def keep(actor: Person, memory_id: UUID, decision: Decision) -> MemoryOut:
    """What a GPT proposed. Of two decisions at once the first holds, the other is a conflict."""
    async with transaction(actor) as session:
        kept = await memory.keep(session, actor, memory_id, decision.version)
        return _out(await memory.told(session, actor, kept))


@router.post(
    "/memories/{memory_id}/dismiss", status_code=204, summary="Dismiss a memory", responses=problems(404, 409, 422)
)
async def dismiss(actor: Person, memory_id: UUID, decision: Decision) -> None:
    async with transaction(actor) as session:
        await memory.dismiss(session, actor, memory_id, decision.version)


@router.get("/conversations/{conversation_id}/memory", summary="Memory of a conversation", responses=problems(404, 422))
async def list_conversation_memory(actor: Person, conversation_id: UUID) -> list[MemoryOut]:
    """What it remembers, what waits to be approved, and what of one's own came from it; newest first, 60 at most."""
    async with transaction(actor) as session:
        return [_out(each) for each in await memory.of_conversation(session, actor, conversation_id)]


@router.put(
    "/conversations/{conversation_id}/memory",
    status_code=204,
    summary="Let GPTs propose memories, or not",
    responses=problems(404, 422),
)
async def set_proposing(actor: Person, conversation_id: UUID, wanted: Proposing) -> None:
    async with transaction(actor) as session:
        await memory.set_proposing(session, actor, conversation_id, wanted.on)


def _out(found: Remembered) -> MemoryOut:
    row = found.memory
    own = {name: getattr(row, name) for name in MemoryOut.model_fields if hasattr(row, name)}
    return MemoryOut(**own, text=found.text, conversation_id=row.context_id)
