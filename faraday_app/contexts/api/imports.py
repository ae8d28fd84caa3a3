"""Bring conversations from elsewhere."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.models import ImportState
from faraday_app.contexts.service import importing
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/imports", tags=["imports"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ProblemOut(BaseModel):
    """What could not be read, and why."""

    place: str
    why: str


class ImportOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime
    name: str
    state: ImportState
    source: str = Field(description="Whose format the file turned out to be in.", examples=["ChatGPT"])
    total: int = Field(description="Conversations in the file, once that is known.")
    done: int
    added: int = Field(description="New conversations.")
    grown: int = Field(description="Conversations that came before, and now got the messages they did not have.")
    known: int = Field(description="Conversations that were here just like that.")
    messages: int = Field(description="Messages that were added.")
    unread: int = Field(description="Conversations that could not be read.")
    problems: list[ProblemOut] = Field(description="The first hundred of what could not be read.")
    error: str = Field(description="Why nothing could be read at all.")


@router.post(
    "", status_code=201, summary="Send a file of conversations", openapi_extra=_BODY, responses=problems(413, 422)
)
async def send_file(
    request: Request,
    actor: Person,
    name: Annotated[Text, Query(min_length=1, max_length=300, description="What the file is called.")],
) -> ImportOut:
    """A ChatGPT export (the ZIP, or conversations.json), Faraday's own JSON, or Markdown, as the body of the request.

    It is read in the background; ask for the import to see how far it has come. The same file again adds nothing.
    """
    return ImportOut.model_validate(await importing.receive(actor, name, request.stream()))


@router.get("", summary="List one's imports", responses=problems(422))
async def list_imports(actor: Person, limit: Limit = 25, cursor: Cursor = "") -> Page[ImportOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await importing.listed(session, actor, before[0] if before else None, limit + 1)
        return page(found, limit, ImportOut.model_validate, "id")


@router.get("/{import_id}", summary="Get an import", responses=problems(404, 422))
async def get_import(actor: Person, import_id: UUID) -> ImportOut:
    async with transaction(actor) as session:
        return ImportOut.model_validate(await importing.one(session, actor, import_id))
