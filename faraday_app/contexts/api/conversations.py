"""Begin, find, change, read and export conversations."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.api.schemas import (
    ConversationChange,
    ConversationIn,
    ConversationItem,
    ConversationOut,
    MessageOut,
    conversation_out,
    message_out,
)
from faraday_app.contexts.service import branches, conversations, export, runs
from faraday_app.contexts.service.looking import open_context
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.downloads import named
from faraday_app.core.http.fields import Search
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.http.paging import cursor as cursor_of
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/conversations", tags=["conversations"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
_FILES: dict[str, Any] = {
    "text/markdown": {"schema": {"type": "string"}},
    "application/json": {"schema": {"type": "object"}},
    "application/pdf": {"schema": {"type": "string", "format": "binary"}},
}
DOCUMENTS: dict[int | str, dict[str, Any]] = {200: {"content": _FILES, "description": "The document."}}


@router.get("", summary="List conversations", responses=problems(422))
async def list_conversations(
    actor: Person,
    text: Annotated[Search, Query(description="Words in the title or the messages.")] = "",
    archived: bool = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[ConversationItem]:
    """One's own and those shared with one, last used first."""
    before = parsed(cursor, datetime.fromisoformat, UUID)
    async with transaction(actor) as session:
        found = await conversations.search(session, actor, text, archived=archived, before=before, limit=limit + 1)
    return page(found, limit, ConversationItem.model_validate, "updated_at", "id")


@router.post("", status_code=201, summary="Begin a conversation", responses=problems(422))
async def begin_conversation(actor: Person, wanted: ConversationIn) -> ConversationOut:
    async with transaction(actor) as session:
        context = await conversations.begin(session, actor, wanted.title, wanted.model)
        return await _conversation(session, actor, context.id)


@router.get("/{conversation_id}", summary="Get a conversation", responses=problems(404, 422))
async def get_conversation(actor: Person, conversation_id: UUID) -> ConversationOut:
    async with transaction(actor) as session:
        await open_context(session, actor, conversation_id)
        return await _conversation(session, actor, conversation_id)


@router.patch("/{conversation_id}", summary="Rename or archive a conversation", responses=problems(404, 409, 422))
async def change_conversation(actor: Person, conversation_id: UUID, change: ConversationChange) -> ConversationOut:
    """Archiving is the owner's to do; it holds for all members and can be undone."""
    async with transaction(actor) as session:
        context, _ = await conversations.get_context(session, actor, conversation_id, lock=True)
        if change.version not in (None, context.version):
            raise Conflict("This conversation changed meanwhile. Read it again and repeat your change.")
        if change.title is not None:
            await conversations.rename(session, actor, conversation_id, change.title)
        if change.model is not None:
            await conversations.choose_model(session, actor, conversation_id, change.model)
        if change.archived is not None:
            await conversations.set_archived(session, actor, conversation_id, change.archived)
        return await _conversation(session, actor, conversation_id)


@router.get("/{conversation_id}/messages", summary="List messages", responses=problems(404, 422))
async def list_messages(
    actor: Person, conversation_id: UUID, limit: Limit = 25, cursor: Cursor = ""
) -> Page[MessageOut]:
    """Of the branch that is shown, newest first. An answer that is being written is empty until it is done."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        await open_context(session, actor, conversation_id)
        shown = await branches.branch(session, actor, conversation_id, before[0] if before else None, limit + 1)
    items = [message_out(item) for item in reversed(shown)][:limit]
    return Page(items=items, next=cursor_of(items[-1].id) if len(shown) > limit else None)


@router.get(
    "/{conversation_id}/export",
    summary="Export a conversation",
    response_class=Response,
    responses={**DOCUMENTS, **problems(404, 422)},
)
async def export_conversation(
    actor: Person, conversation_id: UUID, format: export.Kind = export.Kind.markdown
) -> Response:
    """Markdown and PDF: the branch that is shown, oldest message first. JSON: all branches, to be imported again."""
    async with transaction(actor) as session:
        await open_context(session, actor, conversation_id)
        if format is export.Kind.pdf:
            name, printable = await export.as_pdf(session, actor, conversation_id)
        else:
            make = export.as_json if format is export.Kind.json else export.as_markdown
            name, text = await make(session, actor, conversation_id)
    content = await export.printed(printable) if format is export.Kind.pdf else text.encode()
    return Response(content, media_type=format.media_type, headers={"Content-Disposition": named(name)})


async def _conversation(session: AsyncSession, actor: Actor, context_id: UUID) -> ConversationOut:
    context, access = await conversations.get_context(session, actor, context_id)
    return conversation_out(context, access, await runs.open_run(session, context_id))
