"""Pin, find, fork and rate messages of a conversation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from faraday_app.contexts.api.schemas import ConversationOut, conversation_out
from faraday_app.contexts.models import Access, Author
from faraday_app.contexts.service import finding, forks, pins
from faraday_app.contexts.service.looking import open_context
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/conversations/{conversation_id}", tags=["conversations"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Words = Annotated[Text, Query(min_length=1, max_length=finding.LONGEST, description="As to a search engine.")]


class PinOut(BaseModel):
    message_id: UUID
    author: Author
    name: str = Field(description="The person, the GPT or the model.")
    content: str
    pinned_by: str


class HitOut(BaseModel):
    id: UUID = Field(description="The message.")
    name: str
    excerpt: str = Field(description="Around the words that were found.")


@router.get("/pins", summary="List pinned messages", responses=problems(404, 422))
async def list_pins(actor: Person, conversation_id: UUID) -> list[PinOut]:
    """In the order of the conversation, whatever branch they are on; 30 at most."""
    async with transaction(actor) as session:
        await open_context(session, actor, conversation_id)
        found = await pins.pinned(session, actor, conversation_id)
    return [
        PinOut(
            message_id=each.message.id,
            author=Author(each.message.author),
            name=each.name,
            content=each.message.content,
            pinned_by=each.pinned_by,
        )
        for each in found
    ]


@router.put("/pins/{message_id}", status_code=204, summary="Pin a message", responses=problems(404, 422))
async def pin_message(actor: Person, conversation_id: UUID, message_id: UUID) -> None:
    """For all members, by whoever may write. Twice is once."""
    async with transaction(actor) as session:
        await pins.pin(session, actor, conversation_id, message_id)


@router.delete("/pins/{message_id}", status_code=204, summary="Unpin a message", responses=problems(404, 422))
async def unpin_message(actor: Person, conversation_id: UUID, message_id: UUID) -> None:
    async with transaction(actor) as session:
        await pins.unpin(session, actor, conversation_id, message_id)


@router.post(
    "/messages/{message_id}/fork", status_code=201, summary="Fork a conversation", responses=problems(404, 422)
)
async def fork_conversation(actor: Person, conversation_id: UUID, message_id: UUID) -> ConversationOut:
    """A new conversation that begins with the branch down to this message. The caller's alone; it costs nothing."""
    async with transaction(actor) as session:
        copy = await forks.fork(session, actor, conversation_id, message_id)
        return conversation_out(copy, Access.owner, None)


@router.get("/search", summary="Search in a conversation", responses=problems(404, 422))
async def search_conversation(
    actor: Person, conversation_id: UUID, text: Words, limit: Limit = 25, cursor: Cursor = ""
) -> Page[HitOut]:
    """Messages of all its branches, newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        await open_context(session, actor, conversation_id)
        found = await finding.within(
            session, actor, conversation_id, text, before=before[0] if before else None, limit=limit + 1
        )
    return page(found, limit, _hit, "id")


def _hit(found: finding.Hit) -> HitOut:
    return HitOut(id=found.id, name=found.name, excerpt=finding.plain(found.excerpt))
