"""How models are chosen, and which way calls went."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.api.schemas import PolicyChange, PolicyOut
from faraday_app.gateway.models import RouteReceipt
from faraday_app.gateway.service import looking, sent
from faraday_app.gateway.service.managing import policies
from faraday_app.gateway.service.managing.policies import PolicyTerms
from faraday_app.gateway.views import Policy

router = APIRouter(tags=["routing"])
Reader = Annotated[Actor, Depends(signed_in(Permission.models_read))]
Keeper = Annotated[Actor, Depends(signed_in(Permission.models_manage))]


class CandidateOut(BaseModel):
    """A deployment that could have answered, in the order of the chain; ``left_out`` says why it could not."""

    model: str
    provider: str
    rank: int
    score: float
    left_out: str
    detail: str
    masked: bool = Field(description="Names would have been hidden from it.")


class AttemptOut(BaseModel):
    model: str
    provider: str
    retry: int
    fault: str = Field(description="Empty: it answered.")
    first_token_ms: float | None
    took_ms: float
    prompt_tokens: int
    answer_tokens: int
    cost: int
    masked: bool


class ReceiptItem(BaseModel):
    """A call in the list. It holds no word of what was asked or answered."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime
    message_id: UUID | None
    purpose: str
    asked: str
    task: str
    strategy: str
    model: str
    provider: str
    outcome: str
    added_ms: float
    first_token_ms: int | None
    total_ms: int | None
    prompt_tokens: int
    answer_tokens: int
    cost: int


class SentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    attempt: int = Field(description="Its place among the attempts of the receipt, from 0.")
    model: str
    provider: str
    at: datetime
    body: dict[str, Any] = Field(description="As it left, in OpenAI's protocol, with tokens in the places of names.")


class ReceiptOut(ReceiptItem):
    candidates: list[CandidateOut]
    attempts: list[AttemptOut]


@router.get("/routing-policy", summary="Get the policy")
async def get_policy(actor: Keeper) -> PolicyOut:
    async with transaction(actor) as session:
        policy, version = await policies.get_policy(session, actor)
    return _policy(policy, version)


@router.put("/routing-policy", summary="Set the policy", responses=problems(409, 422))
async def set_policy(actor: Keeper, wanted: PolicyChange) -> PolicyOut:
    """Holds for every call that begins from now on."""
    terms = PolicyTerms(
        wanted.strategy,
        wanted.retries,
        wanted.region,
        wanted.privacy,
        {task: tuple(named) for task, named in wanted.tasks.items()},
        wanted.offers_default,
    )
    async with transaction(actor) as session:
        await policies.set_policy(session, actor, wanted.version, terms)
        policy, version = await policies.get_policy(session, actor)
    return _policy(policy, version)


@router.get("/route-receipts", summary="List route receipts", responses=problems(422))
async def list_receipts(
    actor: Keeper,
    troubled: Annotated[bool, Query(description="Only calls that failed or needed several attempts.")] = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[ReceiptItem]:
    """Newest first."""
    after = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await looking.list_receipts(session, actor, after[0] if after else None, limit + 1, troubled=troubled)
    return page(found, limit, ReceiptItem.model_validate, "id")


@router.get("/route-receipts/{receipt_id}", summary="Why this model?", responses=problems(404, 422))
async def get_receipt(actor: Reader, receipt_id: UUID) -> ReceiptOut:
    """One's own, and everybody's for who manages models."""
    async with transaction(actor) as session:
        return _receipt(await looking.get_receipt(session, actor, receipt_id))


@router.get("/route-receipts/{receipt_id}/sent", summary="What was sent", responses=problems(404, 422, 503))
async def get_sent(actor: Reader, receipt_id: UUID) -> list[SentOut]:
    """The requests as they left for providers that are told no names, for whoever asked; kept for 90 days.

    Whoever manages models can look as well: then it is recorded that they did. Empty where everybody asked may be told
    names.
    """
    async with transaction(actor) as session:
        return [SentOut.model_validate(each) for each in await sent.read(session, actor, receipt_id)]


@router.get(
    "/answers/{message_id}/route-receipt", summary="Why this model, for an answer?", responses=problems(404, 422)
)
async def get_receipt_of_answer(actor: Reader, message_id: UUID) -> ReceiptOut:
    """By the id of the answer, for whoever asked."""
    async with transaction(actor) as session:
        return _receipt(await looking.receipt_of_answer(session, actor, message_id))


def _receipt(row: RouteReceipt) -> ReceiptOut:
    return ReceiptOut.model_validate(row)


def _policy(policy: Policy, version: int) -> PolicyOut:
    return PolicyOut(
        strategy=policy.strategy,
        retries=policy.retries,
        region=policy.region,
        privacy=policy.privacy,
        tasks={task: list(named) for task, named in policy.tasks.items()},
        offers_default=policy.offers_default,
        version=version,
    )
