"""Files of materials over HTTP: in as they are, out whole or in parts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from faraday_app.classes.service import access
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import OptionalIdempotencyKey, Text
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.api.materials.schemas import (
    Keeper,
    MaterialOut,
    Note,
    Reader,
    found_in,
    material_out,
    shown,
)
from faraday_app.coursework.api.materials.serving import served
from faraday_app.coursework.service import materials
from faraday_app.coursework.service.materials import stored, usage, versions

router = APIRouter()
Name = Annotated[
    Text, Query(min_length=1, max_length=300, description="What the file is called.", examples=["Cells.pdf"])
]
ABOUT = (
    "The body is the file as it is, at most 20 MB. What it is is told by its content, not its name. A program,"
    " a document with macros, or a file whose name says something else is kept in quarantine: `file.state` is"
    " `quarantined`, `file.problem` says why, and nobody is served it."
)
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_BINARY = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
FILE: dict[int | str, dict[str, Any]] = {
    200: {**_BINARY, "description": "The file."},
    206: {**_BINARY, "description": "The part that `Range` asked for."},
    416: {"description": "There is no such part."},
}


@router.post(
    "/files",
    status_code=201,
    summary="Add a file",
    description=ABOUT,
    responses=problems(404, 409, 413, 422),
    openapi_extra=BODY,
)
async def add_file(
    request: Request,
    actor: Keeper,
    class_id: UUID,
    name: Name,
    folder_id: UUID | None = None,
    draft: Annotated[bool, Query(description="Only the staff of the class sees a draft.")] = False,
    idempotency_key: OptionalIdempotencyKey = None,
) -> MaterialOut:
    content = await _sent(request, actor, class_id)
    async with transaction(actor) as session:
        about = materials.Draft(materials.title_of(name), draft=draft)
        made = await materials.add_file(session, actor, class_id, folder_id, about, name, content, idempotency_key)
        return material_out(await materials.entry(session, actor, made.id), staff=True)


@router.post(
    "/{material_id}/files",
    status_code=201,
    summary="Put another file in the place of a material's",
    description=f"A new version. {ABOUT}",
    responses=problems(404, 409, 413, 422),
    openapi_extra=BODY,
)
async def replace_file(
    request: Request, actor: Keeper, class_id: UUID, material_id: UUID, name: Name, note: Annotated[Note, Query()] = ""
) -> MaterialOut:
    content = await _sent(request, actor, class_id)
    async with transaction(actor) as session:
        await found_in(session, actor, class_id, material_id)
        await versions.replace(session, actor, material_id, name, content, note)
        return await shown(session, actor, class_id, material_id)


@router.get(
    "/{material_id}/content",
    summary="Get the file of a material",
    response_class=Response,
    responses={**FILE, **problems(404, 422)},
)
async def get_content(
    actor: Reader,
    class_id: UUID,
    material_id: UUID,
    number: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="An older version, for the staff.")] = None,
    inline: Annotated[bool, Query(description="To be shown rather than saved, where that is safe.")] = False,
    wanted: Annotated[str, Header(alias="Range", max_length=200)] = "",
) -> Response:
    """Pictures, sound, video, PDF and plain text can be shown, everything else is saved. In quarantine: 503."""
    async with transaction(actor) as session:
        found = await found_in(session, actor, class_id, material_id)
        file = await versions.file_of(session, actor, material_id, number)
        if not inline and not wanted:
            await usage.count(session, found, downloaded=True)
    return served(file, await stored.content_of(file), wanted, inline=inline)


async def _sent(request: Request, actor: Actor, class_id: UUID) -> bytes:
    """Nothing is read from whoever may not add it."""
    async with transaction(actor) as session:
        await access.teaching(session, actor, class_id, Permission.materials_manage)
    content = await request.body()
    if not content:
        raise Invalid("Send the file as the body.", field="file")
    return content
