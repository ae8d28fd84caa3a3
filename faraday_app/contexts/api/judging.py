"""What people think of answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.service import judging
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.service.rating import LONGEST_REASON

router = APIRouter(prefix="/answers", tags=["conversations"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]


class Judgement(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    good: bool
    reason: Annotated[Text, Field(max_length=LONGEST_REASON)] = Field(
        "", description="Why, in a few words, for those who manage models.", examples=["It invented a source."]
    )


@router.get("/{message_id}/judgement", summary="Get one's judgement", responses=problems(404, 422))
async def get_judgement(actor: Person, message_id: UUID) -> Judgement:
    async with transaction(actor) as session:
        return Judgement.model_validate(await judging.judgement(session, actor, message_id))


@router.put("/{message_id}/judgement", summary="Judge an answer", responses=problems(404, 422))
async def judge(actor: Person, message_id: UUID, wanted: Judgement) -> Judgement:
    """In the place of one's earlier judgement. The first that anybody gives teaches the learning router."""
    async with transaction(actor) as session:
        await judging.judge(session, actor, message_id, wanted.good, wanted.reason)
    return wanted


@router.delete(
    "/{message_id}/judgement", status_code=204, summary="Take a judgement back", responses=problems(404, 422)
)
async def take_back(actor: Person, message_id: UUID) -> None:
    """Without one nothing happens."""
    async with transaction(actor) as session:
        await judging.judge(session, actor, message_id, None)
