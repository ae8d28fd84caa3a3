"""What GPTs give to each other, over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, Field

from faraday_app.contexts.api.gpts import GptOut
from faraday_app.contexts.models import GptShare, MemoryKind, SharePart, ShareStatus
from faraday_app.contexts.service import shares
from faraday_app.contexts.service.shares import Offer, Shared
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/gpts", tags=["gpts"])
Maker = Annotated[Actor, Depends(signed_in(Permission.gpts_manage))]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that was read; an older one is refused.")]


class ScopeIn(BaseModel):
    """What is given, and until when."""

    parts: set[SharePart] = Field(min_length=1, examples=[["instructions"]])
    memory_kinds: set[MemoryKind] = Field(default_factory=set, description="Which of its memory; with `memory` only.")
    until: AwareDatetime | None = Field(None, description="When it ends by itself; null: when one of you ends it.")

    def offer(self) -> Offer:
        return Offer(frozenset(self.parts), frozenset(self.memory_kinds), self.until)


class ShareIn(ScopeIn):
    target_id: UUID = Field(description="The GPT that gets it.")


class Renewal(BaseModel):
    version: Version
    scope: ScopeIn | None = Field(None, description="In place of what it was; null: as it was.")


class ShareDecision(BaseModel):
    version: Version


class ShareOut(BaseModel):
    id: UUID
    source_id: UUID
    target_id: UUID
    parts: list[SharePart]
    memory_kinds: list[MemoryKind]
    until: datetime | None
    status: ShareStatus
    packed_at: datetime
    version: int


class ShareListed(ShareOut):
    """``stale``: the source changed since it was packed; ``over``: it has run out."""

    source_name: str
    target_name: str
    stale: bool
    over: bool


class EntryOut(BaseModel):
    part: SharePart
    title: str
    text: str


class ShareWithWords(ShareListed):
    entries: list[EntryOut]


class SharesOut(BaseModel):
    gives: list[ShareListed]
    gets: list[ShareListed]


@router.get("/{gpt_id}/shares", summary="What a GPT gives and gets", responses=problems(404, 422))
async def list_shares(actor: Maker, gpt_id: UUID) -> SharesOut:
    """Of a GPT of one's own; what waits to be accepted too, what is ended not."""
    async with transaction(actor) as session:
        gives, gets = await shares.gives(session, actor, gpt_id), await shares.gets(session, actor, gpt_id)
    return SharesOut(gives=[_listed(each) for each in gives], gets=[_listed(each) for each in gets])


@router.post("/{gpt_id}/shares", status_code=201, summary="Give to another GPT", responses=problems(404, 409, 422, 429))
async def offer_share(actor: Maker, gpt_id: UUID, wanted: ShareIn) -> ShareOut:
    """To a GPT of one's own it is given at once; the owner of another one has to accept it."""
    async with transaction(actor) as session:
        return _out(await shares.offer(session, actor, gpt_id, wanted.target_id, wanted.offer()))


@router.get("/shares/{share_id}", summary="Get a share with its words", responses=problems(404, 422))
async def get_share(actor: Maker, share_id: UUID) -> ShareWithWords:
    """For the owner of either GPT."""
    async with transaction(actor) as session:
        found, entries = await shares.read(session, actor, share_id)
    words = [EntryOut(part=entry.part, title=entry.title, text=entry.text) for entry in entries]
    return ShareWithWords(**_listed(found).model_dump(), entries=words)


@router.post("/shares/{share_id}/accept", summary="Accept a share", responses=problems(404, 409, 422))
async def accept_share(actor: Maker, share_id: UUID, decision: ShareDecision) -> ShareOut:
    """For the owner of the GPT that gets it."""
    async with transaction(actor) as session:
        return _out(await shares.accept(session, actor, share_id, decision.version))


@router.post("/shares/{share_id}/take-over", summary="Take over parameters", responses=problems(404, 409, 422))
async def take_over_share(actor: Maker, share_id: UUID, decision: ShareDecision) -> GptOut:
    """For the owner of the GPT that gets them: its model, parameters and tools are then those that were given.

    A change like any other, under their own rights and with a version.
    """
    async with transaction(actor) as session:
        return GptOut.model_validate(await shares.take_over(session, actor, share_id, decision.version))


@router.post(
    "/shares/{share_id}/note", status_code=204, summary="Take note that a share is over", responses=problems(404, 422)
)
async def note_share(actor: Maker, share_id: UUID) -> None:
    """For the owner of the GPT that got it: it is not told again among the findings."""
    async with transaction(actor) as session:
        await shares.note(session, actor, share_id)


@router.post(
    "/shares/{share_id}/decline", status_code=204, summary="Decline a share", responses=problems(404, 409, 422)
)
async def decline_share(actor: Maker, share_id: UUID, decision: ShareDecision) -> None:
    async with transaction(actor) as session:
        await shares.decline(session, actor, share_id, decision.version)


@router.put("/shares/{share_id}", summary="Renew or change a share", responses=problems(404, 409, 422))
async def renew_share(actor: Maker, share_id: UUID, renewal: Renewal) -> ShareOut:
    """Give the source as it is now. More than was accepted has to be accepted again."""
    async with transaction(actor) as session:
        wanted = renewal.scope.offer() if renewal.scope else None
        return _out(await shares.renew(session, actor, share_id, renewal.version, wanted))


@router.delete("/shares/{share_id}", status_code=204, summary="End a share", responses=problems(404, 422))
async def end_share(actor: Maker, share_id: UUID) -> None:
    """At once, by either side. What it held is erased."""
    async with transaction(actor) as session:
        await shares.end(session, actor, share_id)


def _out(share: GptShare) -> ShareOut:
    return ShareOut(**{name: getattr(share, name) for name in ShareOut.model_fields})


def _listed(found: Shared) -> ShareListed:
    names = {"source_name": found.source.name, "target_name": found.target.name}
    return ShareListed(**_out(found.share).model_dump(), **names, stale=found.stale, over=found.over)
