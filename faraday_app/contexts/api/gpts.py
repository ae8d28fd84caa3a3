"""GPTs over HTTP: one's own, and those that are shared."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.models import MemoryRights
from faraday_app.contexts.service import gpts
from faraday_app.contexts.service.gpts import ICONS, LONGEST_INSTRUCTIONS, MOST_TOKENS, TONES
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/gpts", tags=["gpts"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Maker = Annotated[Actor, Depends(signed_in(Permission.gpts_manage))]


class GptIn(BaseModel):
    """What a GPT shall be."""

    name: Annotated[Text, Field(min_length=1, max_length=60, examples=["Maths tutor"])]
    instructions: Annotated[Text, Field(max_length=LONGEST_INSTRUCTIONS)] = ""
    model: Annotated[Text, Field(max_length=120)] = Field("auto", description="`auto`: chosen for each question.")
    temperature: float = Field(0.7, ge=0, le=2)
    longest_answer: int = Field(0, ge=0, le=MOST_TOKENS, description="Tokens; 0: as long as the model may.")
    icon: Annotated[Text, Field(max_length=32)] = Field(ICONS[0], description=f"One of: {', '.join(ICONS)}.")
    tone: Annotated[Text, Field(max_length=16)] = Field(TONES[0], description=f"One of: {', '.join(TONES)}.")
    shared: bool = Field(False, description="With the whole organisation; otherwise it is its owner's alone.")
    memory_rights: MemoryRights = Field(
        MemoryRights.propose,
        description="What it may do with memory. `write` keeps without asking, for its owner alone.",
    )

    tools: list[Annotated[Text, Field(max_length=40)]] = Field(
        [], max_length=20, description=f"What it may use while it answers; of: {', '.join(TOOLS)}."
    )

    def draft(self) -> gpts.Draft:
        wanted = self.model_dump(include=set(GptIn.model_fields))
        return gpts.Draft(**{**wanted, "tools": tuple(self.tools)})


class GptChange(GptIn):
    version: int = Field(ge=1, le=2**31 - 1, description="The version that was read.")


class GptOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    owner_id: UUID
    name: str
    instructions: str
    model: str
    temperature: float
    longest_answer: int
    icon: str
    tone: str
    shared: bool
    memory_rights: MemoryRights
    tools: list[str]
    version: int


@router.get("", summary="List GPTs", responses=problems(422))
async def list_gpts(
    actor: Person,
    text: Annotated[Search, Query(description="Words in the name.")] = "",
    archived: bool = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[GptOut]:
    """One's own and those that are shared, newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await gpts.listed(
            session, actor, text, archived=archived, before=before[0] if before else None, limit=limit + 1
        )
    return page([each.gpt for each in found], limit, GptOut.model_validate, "id")


@router.post("", status_code=201, summary="Make a GPT", responses=problems(422))
async def create_gpt(actor: Maker, wanted: GptIn) -> GptOut:
    async with transaction(actor) as session:
        return GptOut.model_validate(await gpts.create(session, actor, wanted.draft()))


@router.get("/{gpt_id}", summary="Get a GPT", responses=problems(404, 422))
async def get_gpt(actor: Person, gpt_id: UUID) -> GptOut:
    async with transaction(actor) as session:
        return GptOut.model_validate(await gpts.get(session, actor, gpt_id))


@router.put("/{gpt_id}", summary="Change a GPT", responses=problems(404, 409, 422))
async def change_gpt(actor: Maker, gpt_id: UUID, wanted: GptChange) -> GptOut:
    """Its owner's to do. What changed since that version is merged with it; 409 where both changed the same."""
    async with transaction(actor) as session:
        return GptOut.model_validate(await gpts.change(session, actor, gpt_id, wanted.version, wanted.draft()))


@router.put("/{gpt_id}/archived", status_code=204, summary="Archive a GPT", responses=problems(404, 422))
async def archive_gpt(actor: Maker, gpt_id: UUID) -> None:
    """It answers no more; what it has answered stays."""
    async with transaction(actor) as session:
        await gpts.archive(session, actor, gpt_id)


@router.delete("/{gpt_id}/archived", status_code=204, summary="Restore a GPT", responses=problems(404, 422))
async def restore_gpt(actor: Maker, gpt_id: UUID) -> None:
    async with transaction(actor) as session:
        await gpts.restore(session, actor, gpt_id)
