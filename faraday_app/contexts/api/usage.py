"""How the assistant is used, in figures."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.service import usage as figures
from faraday_app.contexts.service.usage import By, Wanted
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/assistant/usage", tags=["assistant"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Grouped = Annotated[By, Query(description="What a row is about.")]
Days = Annotated[int, Query(ge=1, le=figures.MOST_DAYS, description="Up to today, in UTC.")]
Everyone = Annotated[bool, Query(description="The whole organisation, for those who may grant its credits.")]
CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "A table with a line of names."}
}


class CsvResponse(PlainTextResponse):
    media_type = "text/csv"


class FiguresOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    key: str
    name: str
    questions: int
    answers: int
    failed: int
    prompt_tokens: int
    answer_tokens: int
    cost: int = Field(description="Micro-credits.")
    first_token_ms: int | None = Field(description="At the median.")


class UsageOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    whole: FiguresOut
    days: list[FiguresOut] = Field(description="Every day, the oldest first.")


@router.get("", summary="Get figures of use", responses=problems(422))
async def get_usage(actor: Person, days: Days = 30, everyone: Everyone = False) -> UsageOut:
    """Questions, answers, tokens, micro-credits and waiting time; no words."""
    async with transaction(actor) as session:
        return UsageOut.model_validate(await figures.usage(session, actor, Wanted(days, everyone=everyone)))


@router.get("/rows", summary="List figures of use", responses=problems(422))
async def list_usage(
    actor: Person,
    by: Grouped = By.day,
    days: Days = 30,
    everyone: Everyone = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[FiguresOut]:
    """The newest day first, or the model or GPT that cost most."""
    before = parsed(cursor, str, _amount)
    async with transaction(actor) as session:
        wanted = Wanted(days, everyone=everyone)
        found = await figures.listed(session, actor, wanted, by, before and (before[0], before[1]), limit + 1)
    return page(found, limit, FiguresOut.model_validate, "key", "cost")


@router.get(
    "/export",
    summary="Export figures of use as CSV",
    response_class=CsvResponse,
    responses={**CSV, **problems(422)},
)
async def export_usage(actor: Person, by: Grouped = By.day, days: Days = 30, everyone: Everyone = False) -> CsvResponse:
    async with transaction(actor) as session:
        text = await figures.exported(session, actor, Wanted(days, everyone=everyone), by)
    return CsvResponse(text, headers={"Content-Disposition": f'attachment; filename="assistant-{by}.csv"'})


def _amount(text: str) -> int:
    """As far as the column holds it."""
    amount = int(text)
    if not 0 <= amount < 2**63:
        raise ValueError
    return amount
