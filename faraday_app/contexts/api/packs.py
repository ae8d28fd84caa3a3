"""Context packs over HTTP: a GPT as one signed file, out and in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.api.findings import FindingOut, finding_out
from faraday_app.contexts.api.gpts import GptOut
from faraday_app.contexts.service import packs
from faraday_app.contexts.service.packs import Checked, Origin, Scope
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.downloads import named
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/gpts", tags=["gpts"])
Maker = Annotated[Actor, Depends(signed_in(Permission.gpts_manage))]
ZIP = "application/zip"
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it was exported.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class PackOut(BaseModel):
    """What a pack holds, before it comes in."""

    name: str
    instructions: str
    model: str
    parts: list[str] = Field(description="What comes with it.")
    files: list[str] = Field(description="The knowledge files, by name. Each is checked and read as one that is sent.")
    memories: int = Field(description="What it proposes to remember. Each waits for you to keep it.")
    tools: list[str] = Field(description="Those that are not there here do not come along: see `findings`.")
    origin: Origin = Field(description="`here`: this organisation made it. `elsewhere`: somebody else did.")
    organization: str = Field(description="How its maker calls themselves; from elsewhere that is only a claim.")
    key: str = Field(description="The fingerprint of the key that signed it.")
    made_at: str
    findings: list[FindingOut] = Field(description="Errors keep it from coming in; warnings only say so.")


class OutlookOut(BaseModel):
    """What a pack of a GPT would hold beside its instructions, parameters and tools."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    files: list[str]
    size: int = Field(description="Bytes of the files.")
    memories: int = Field(description="What it has remembered for its owner; nobody else's ever travels.")
    too_large: str = Field(description="Why the files cannot travel; empty where they can.")


@router.get("/{gpt_id}/pack/outlook", summary="See what a pack of a GPT would hold", responses=problems(404, 422))
async def get_pack_outlook(actor: Maker, gpt_id: UUID) -> OutlookOut:
    """Its owner's to see. Nothing is exported."""
    async with transaction(actor) as session:
        return OutlookOut.model_validate(await packs.outlook(session, actor, gpt_id))


@router.get(
    "/{gpt_id}/pack",
    summary="Export a GPT as a pack",
    response_class=Response,
    responses={
        200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}, "description": "A signed ZIP."},
        **problems(404, 422),
    },
)
async def export_pack(
    actor: Maker,
    gpt_id: UUID,
    knowledge: Annotated[bool, Query(description="With its files.")] = True,
    memory: Annotated[bool, Query(description="With what it has remembered for you; whoever has it reads it.")] = True,
) -> Response:
    """Its owner's to do. Without ids, owners and rights; with all that belongs to the GPT."""
    async with transaction(actor) as session:
        name, file = await packs.export(session, actor, gpt_id, Scope(knowledge, memory))
    return Response(file, media_type=ZIP, headers={"Content-Disposition": named(name)})


@router.post("/packs/check", summary="Look into a pack", openapi_extra=_BODY, responses=problems(413, 422))
async def check_pack(actor: Maker, request: Request) -> PackOut:
    """Whose it is and what it holds. Nothing comes in."""
    return _out(await packs.check(actor, await request.body()))


@router.post(
    "/packs",
    status_code=201,
    summary="Make a GPT from a pack",
    openapi_extra=_BODY,
    responses=problems(409, 413, 422),
)
async def bring_in_pack(
    actor: Maker,
    request: Request,
    from_elsewhere: Annotated[bool, Query(description="You know that it was made elsewhere, and want it.")] = False,
) -> GptOut:
    """It is yours, and shared with nobody."""
    file = await request.body()
    async with transaction(actor) as session:
        return GptOut.model_validate(await packs.bring_in(session, actor, file, from_elsewhere=from_elsewhere))


def _out(checked: Checked) -> PackOut:
    packed = checked.packed
    return PackOut(
        name=packed.gpt.name,
        instructions=packed.gpt.instructions,
        model=packed.gpt.model,
        parts=checked.parts,
        files=[each.name for each in packed.files],
        memories=len(packed.parts.get("memory", {}).get("memories", ())),
        tools=packed.gpt.tools,
        origin=checked.origin,
        organization=packed.organization,
        key=checked.key,
        made_at=packed.made_at,
        findings=[finding_out(each) for each in checked.findings],
    )
