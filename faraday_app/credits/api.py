"""HTTP: what there is to spend, what became of it, and giving more."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import IdempotencyKey, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.http.parts import Part
from faraday_app.core.permissions import Actor, Permission
from faraday_app.credits import service as credits
from faraday_app.credits.models import TransferKind
from faraday_app.credits.views import CREDIT, MOST

router = Part(prefix="/credits", tags=["credits"])
Reader = Annotated[Actor, Depends(signed_in(Permission.credits_read))]
Giver = Annotated[Actor, Depends(signed_in(Permission.credits_grant))]
Whose = Annotated[UUID | None, Query(description="A member, for those who may grant. Leave out for yourself.")]


class BalanceOut(BaseModel):
    """In micro-credits."""

    available: int = Field(description="Can be spent now.", examples=[1_250 * CREDIT])
    held: int = Field(description="Set aside for answers that are being written.", examples=[0])


class PoolOut(BaseModel):
    available: int = Field(description="Micro-credits the organisation has left to grant.", examples=[50_000 * CREDIT])


class LineOut(BaseModel):
    """One line of a statement, in micro-credits."""

    id: UUID
    at: datetime
    kind: TransferKind
    memo: str
    person: str = Field(description="Who gave a grant; in the pool's statement, who received it.")
    amount: int = Field(description="Below zero for what was spent.", examples=[-420_000])
    balance: int = Field(description="After this line.")


class GrantIn(BaseModel):
    user_id: UUID
    amount: int = Field(gt=0, le=MOST, description="Micro-credits.", examples=[500 * CREDIT])
    memo: Annotated[Text, Field(max_length=200, description="Shown on the statement.", examples=["For term 2"])] = ""


class GrantOut(BaseModel):
    user_id: UUID
    amount: int
    memo: str


@router.get("/balance", summary="Get a balance", responses=problems(404, 422))
async def get_balance(actor: Reader, user_id: Whose = None) -> BalanceOut:
    async with transaction(actor) as session:
        balance = await credits.balance(session, actor, user_id)
    return BalanceOut(available=balance.available, held=balance.held)


@router.get("/pool", summary="Get what the organisation has to give")
async def get_pool(actor: Giver) -> PoolOut:
    async with transaction(actor) as session:
        return PoolOut(available=await credits.pool_balance(session, actor))


@router.get("/statement", summary="List statement lines", responses=problems(404, 422))
async def list_statement(
    actor: Reader,
    user_id: Whose = None,
    pool: Annotated[bool, Query(description="The organisation's pool instead, for those who may grant.")] = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[LineOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        lines = await credits.statement(
            session, actor, before[0] if before else None, limit + 1, None if pool else user_id, pool=pool
        )
    return page(lines, limit, lambda line: LineOut(**asdict(line)), "id")


@router.post("/grants", status_code=201, summary="Grant credits", responses=problems(402, 404, 409, 422))
async def grant(actor: Giver, wanted: GrantIn, idempotency_key: IdempotencyKey) -> GrantOut:
    """From the organisation's pool to a member. Sent again with the same key, nothing moves a second time."""
    async with transaction(actor) as session:
        await credits.grant(session, actor, wanted.user_id, wanted.amount, wanted.memo, idempotency_key)
    return GrantOut(user_id=wanted.user_id, amount=wanted.amount, memo=wanted.memo)
