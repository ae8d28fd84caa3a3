"""What is wrong or worth knowing before something is asked, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from faraday_app.contexts.service import gpts, mending, validation
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.findings import Finding, Remedy, Severity
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.permissions import Actor, Permission

router = APIRouter()
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Maker = Annotated[Actor, Depends(signed_in(Permission.gpts_manage))]


class FindingOut(BaseModel):
    """Errors keep a question from being sent; warnings only say so."""

    severity: Severity
    text: str
    remedy: Remedy | None = Field(None, description="What one click does about it on the page.")
    target: UUID | None = Field(None, description="The GPT, file or share that it is about.")


class MendIn(BaseModel):
    remedy: Remedy
    target: UUID = Field(description="As the finding has it.")


@router.get(
    "/conversations/{conversation_id}/findings",
    tags=["conversations"],
    summary="See what is wrong with the settings of a conversation",
    responses=problems(404, 422),
)
async def list_findings(actor: Person, conversation_id: UUID) -> list[FindingOut]:
    """For whoever may write in it. What belongs to a GPT is told its owner alone."""
    async with transaction(actor) as session:
        context, _ = await get_context(session, actor, conversation_id, write=True)
        return [finding_out(each) for each in await validation.of_conversation(session, actor, context)]


@router.get(
    "/gpts/{gpt_id}/findings", tags=["gpts"], summary="See what is wrong with a GPT", responses=problems(404, 422)
)
async def list_gpt_findings(actor: Maker, gpt_id: UUID) -> list[FindingOut]:
    """Its owner's to see: its model, room and tools, the files it knows, and what it gives and gets."""
    async with transaction(actor) as session:
        gpt = await gpts.owned(session, actor, gpt_id)
        return [finding_out(each) for each in await validation.of_gpt(session, actor, gpt)]


@router.post(
    "/gpts/{gpt_id}/findings/mend",
    status_code=204,
    tags=["gpts"],
    summary="Do what is offered about a finding",
    responses=problems(404, 409, 422),
)
async def mend_gpt(actor: Maker, gpt_id: UUID, wanted: MendIn) -> None:
    """For its owner; the same as the change by itself, with a version where there is one."""
    async with transaction(actor) as session:
        await gpts.owned(session, actor, gpt_id)
        await mending.mend(session, actor, wanted.remedy, wanted.target, gpt_id)


def finding_out(found: Finding) -> FindingOut:
    return FindingOut(severity=found.severity, text=found.text, remedy=found.remedy, target=found.target)
