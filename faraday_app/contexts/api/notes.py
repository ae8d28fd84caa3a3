"""The shared notes of a conversation over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from faraday_app.contexts.service import notes
from faraday_app.contexts.service.notes import LONGEST, Written
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/conversations", tags=["conversations"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]


class NotesOut(BaseModel):
    text: str
    version: int = Field(description="0: nobody has written any.")


class NotesIn(BaseModel):
    text: Annotated[Text, Field(max_length=LONGEST, examples=["Frogs:\n- eat flies\n"])]
    base: Annotated[Text, Field(max_length=LONGEST)] = Field(
        description="The text that you had read and changed. What others changed since is merged with yours."
    )


@router.get("/{conversation_id}/notes", summary="Read the shared notes", responses=problems(404, 422))
async def read_notes(actor: Person, conversation_id: UUID) -> NotesOut:
    async with transaction(actor) as session:
        return _out(await notes.read(session, actor, conversation_id))


@router.put("/{conversation_id}/notes", summary="Change the shared notes", responses=problems(404, 409, 422))
async def write_notes(actor: Person, conversation_id: UUID, wanted: NotesIn) -> NotesOut:
    """Answers with what they are after merging. 409 where somebody else changed the same lines: nothing is written."""
    async with transaction(actor) as session:
        return _out(await notes.write(session, actor, conversation_id, wanted.base, wanted.text))


def _out(written: Written) -> NotesOut:
    return NotesOut(text=written.text, version=written.version)
