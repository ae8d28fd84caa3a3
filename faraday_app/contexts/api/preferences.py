"""What a person wants of answers, wherever a conversation says nothing else."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from faraday_app.contexts.service import languages
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/me", tags=["me"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]


class OwnLanguage(BaseModel):
    language: Annotated[Text, Field(max_length=16, examples=["lt"])] = Field(
        description=f"Empty: as the model chooses; `question`: as it is asked; or: {', '.join(languages.NAMES)}."
    )


@router.get("/answer-language", summary="Your language of answers")
async def get_own_language(actor: Person) -> OwnLanguage:
    """For your questions in conversations that set none of their own."""
    async with transaction(actor) as session:
        return OwnLanguage(language=await languages.own(session, actor))


@router.put("/answer-language", summary="Choose your language of answers", responses=problems(422))
async def choose_own_language(actor: Person, wanted: OwnLanguage) -> OwnLanguage:
    """From your next question on."""
    async with transaction(actor) as session:
        await languages.choose_own(session, actor, wanted.language)
    return wanted
