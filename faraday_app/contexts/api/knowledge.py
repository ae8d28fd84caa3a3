"""What GPTs know, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from faraday_app.contexts.api.sending import ABOUT, BODY, FileOut, Name, file_out, sent
from faraday_app.contexts.service import gpts, knowledge
from faraday_app.contexts.service.knowledge import Known
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/gpts/{gpt_id}", tags=["gpts"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Maker = Annotated[Actor, Depends(signed_in(Permission.gpts_manage))]


class KnownOut(BaseModel):
    id: UUID
    file: FileOut


class PassageOut(BaseModel):
    """`score`: how well it fits the question, 1 at best. `place` counts from 1."""

    file: str
    place: int
    text: str
    score: float


@router.get("/knowledge", summary="List the files that a GPT knows", responses=problems(404, 422))
async def list_knowledge(actor: Maker, gpt_id: UUID) -> list[KnownOut]:
    """Its owner's to see; at most 20."""
    async with transaction(actor) as session:
        return [_out(each) for each in await knowledge.listed(session, actor, gpt_id)]


@router.post(
    "/knowledge/files",
    status_code=201,
    summary="Add a file to what a GPT knows",
    description=f"Its owner's to do. {ABOUT}",
    responses=problems(404, 422),
    openapi_extra=BODY,
)
async def add_knowledge(request: Request, actor: Maker, gpt_id: UUID, name: Name) -> KnownOut:
    content = await sent(request)
    async with transaction(actor) as session:
        return _out(await knowledge.add(session, actor, gpt_id, name, content))


@router.delete(
    "/knowledge/{knowledge_id}",
    status_code=204,
    summary="Remove a file from what a GPT knows",
    responses=problems(404, 422),
)
async def remove_knowledge(actor: Maker, gpt_id: UUID, knowledge_id: UUID) -> None:
    async with transaction(actor) as session:
        await knowledge.remove(session, actor, gpt_id, knowledge_id)


@router.post(
    "/knowledge/{knowledge_id}/read",
    status_code=204,
    summary="Read a file again that a GPT could not",
    responses=problems(404, 422),
)
async def read_knowledge_again(actor: Maker, gpt_id: UUID, knowledge_id: UUID) -> None:
    async with transaction(actor) as session:
        await knowledge.again(session, actor, gpt_id, knowledge_id)


@router.get("/passages", summary="Ask what a GPT's files say", responses=problems(404, 422))
async def find_passages(
    actor: Person,
    gpt_id: UUID,
    question: Annotated[Text, Query(min_length=1, max_length=2_000, examples=["What do frogs eat?"])],
    most: Annotated[int, Query(ge=1, le=20)] = 5,
) -> list[PassageOut]:
    """The passages that an answer to the question would be given, the best first; no model is asked."""
    async with transaction(actor) as session:
        gpt = await gpts.get(session, actor, gpt_id)
        found = await knowledge.find(session, actor, gpt, question, most)
    return [
        PassageOut(file=each.file.name, place=each.found.place + 1, text=each.found.text, score=each.found.score)
        for each in found
    ]


def _out(found: Known) -> KnownOut:
    return KnownOut(id=found.known.id, file=file_out(found.file))
