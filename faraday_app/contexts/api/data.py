"""The data of a conversation over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from faraday_app.contexts.api.sending import ABOUT, BODY, FILE, FileOut, Name, download, file_out, sent
from faraday_app.contexts.models import DataKind
from faraday_app.contexts.service import data
from faraday_app.contexts.service.data import LONGEST, Draft, Listed
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import OptionalIdempotencyKey, Text
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/conversations/{conversation_id}/data", tags=["data"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Title = Annotated[Text, Field(max_length=200, description="Without one, one is found.", examples=["Class trip"])]
Content = Annotated[
    Text,
    Field(
        description=f"The words, the rows of a table as CSV, or the address of a link: {LONGEST:,} characters at most.",
        examples=["We leave at eight."],
    ),
]


class DataIn(BaseModel):
    """What shall be added; a file is sent to `…/data/files`."""

    kind: Literal["text", "table", "link", "note"] = "note"
    title: Title = ""
    content: Content


class DataChange(BaseModel):
    title: Title = ""
    content: Content | None = Field(None, description="Leave it out for a file, which keeps its content.")
    version: int = Field(ge=1, le=2**31 - 1, description="The version that was read; an older one is refused.")


class DataOut(BaseModel):
    """`left_out`: kept, but not given to models."""

    id: UUID
    kind: DataKind
    title: str
    version: int
    author_id: UUID
    author: str
    left_out: bool
    created_at: datetime
    updated_at: datetime
    file: FileOut | None


class DataWithContent(DataOut):
    """`content`: what was written, or the text that was read of the file."""

    content: str


@router.get("", summary="List the data of a conversation", responses=problems(404, 422))
async def list_data(actor: Person, conversation_id: UUID) -> list[DataOut]:
    """In their order; at most 100."""
    async with transaction(actor) as session:
        return [DataOut(**_fields(each)) for each in await data.listed(session, actor, conversation_id)]


@router.post("", status_code=201, summary="Add data to a conversation", responses=problems(404, 409, 422))
async def add_data(actor: Person, conversation_id: UUID, wanted: DataIn, key: OptionalIdempotencyKey = None) -> DataOut:
    """For whoever may write. From the next question on, models are given it."""
    async with transaction(actor) as session:
        draft = Draft(DataKind(wanted.kind), wanted.title, wanted.content)
        item = await data.add(session, actor, conversation_id, draft, key)
        return DataOut(**_fields(await data.get(session, actor, conversation_id, item.id)))


@router.post(
    "/files",
    status_code=201,
    summary="Add a file to a conversation",
    description=f"For whoever may write. {ABOUT}",
    responses=problems(404, 409, 422),
    openapi_extra=BODY,
)
async def add_file(
    request: Request, actor: Person, conversation_id: UUID, name: Name, key: OptionalIdempotencyKey = None
) -> DataOut:
    content = await sent(request)
    async with transaction(actor) as session:
        item = await data.add_file(session, actor, conversation_id, name, content, key)
        return DataOut(**_fields(await data.get(session, actor, conversation_id, item.id)))


@router.get("/{item_id}", summary="Get an item of data", responses=problems(404, 422))
async def get_data(actor: Person, conversation_id: UUID, item_id: UUID) -> DataWithContent:
    async with transaction(actor) as session:
        found = await data.get(session, actor, conversation_id, item_id)
        return DataWithContent(**_fields(found), content=await data.content_of(found.item, found.file))


@router.put("/{item_id}", summary="Change an item of data", responses=problems(404, 409, 422))
async def change_data(actor: Person, conversation_id: UUID, item_id: UUID, wanted: DataChange) -> DataOut:
    async with transaction(actor) as session:
        await data.change(session, actor, conversation_id, item_id, wanted.version, wanted.title, wanted.content)
        return DataOut(**_fields(await data.get(session, actor, conversation_id, item_id)))


@router.delete("/{item_id}", status_code=204, summary="Remove an item of data", responses=problems(404, 422))
async def remove_data(actor: Person, conversation_id: UUID, item_id: UUID) -> None:
    """Models are not given it any more. It can be brought back."""
    async with transaction(actor) as session:
        await data.remove(session, actor, conversation_id, item_id)


@router.post("/{item_id}/restore", status_code=204, summary="Bring an item of data back", responses=problems(404, 422))
async def restore_data(actor: Person, conversation_id: UUID, item_id: UUID) -> None:
    async with transaction(actor) as session:
        await data.bring_back(session, actor, conversation_id, item_id)


@router.put("/{item_id}/left-out", status_code=204, summary="Leave an item of data out", responses=problems(404, 422))
async def leave_out(actor: Person, conversation_id: UUID, item_id: UUID) -> None:
    """It stays, but models are not given it."""
    async with transaction(actor) as session:
        await data.leave_out(session, actor, conversation_id, item_id, True)


@router.delete(
    "/{item_id}/left-out", status_code=204, summary="Take an item of data in again", responses=problems(404, 422)
)
async def take_in(actor: Person, conversation_id: UUID, item_id: UUID) -> None:
    async with transaction(actor) as session:
        await data.leave_out(session, actor, conversation_id, item_id, False)


@router.post("/{item_id}/page", summary="Read the page of a link", responses=problems(404, 422))
async def read_page(actor: Person, conversation_id: UUID, item_id: UUID) -> DataOut:
    """Fetched once, from the public internet only, and kept with the link."""
    await data.read_page(actor, conversation_id, item_id)
    async with transaction(actor) as session:
        return DataOut(**_fields(await data.get(session, actor, conversation_id, item_id)))


@router.post("/{item_id}/read", status_code=204, summary="Read a file again that failed", responses=problems(404, 422))
async def read_again(actor: Person, conversation_id: UUID, item_id: UUID) -> None:
    async with transaction(actor) as session:
        await data.read_again(session, actor, conversation_id, item_id)


@router.get(
    "/{item_id}/file",
    summary="Download a file",
    response_class=Response,
    responses={**FILE, **problems(404, 422)},
)
async def download_file(actor: Person, conversation_id: UUID, item_id: UUID) -> Response:
    """As it was sent."""
    async with transaction(actor) as session:
        found = await data.get(session, actor, conversation_id, item_id)
    if found.file is None:
        raise NotFound("There is no file here.")
    return await download(found.file)


def _fields(found: Listed) -> dict[str, object]:
    item = found.item
    return {
        "id": item.id,
        "kind": DataKind(item.kind),
        "title": item.title,
        "version": item.version,
        "author_id": item.author_id,
        "author": found.author_name,
        "left_out": found.left_out,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "file": file_out(found.file) if found.file else None,
    }
