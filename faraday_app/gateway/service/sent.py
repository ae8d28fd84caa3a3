"""What left for providers that are told no names: kept as it was sent, sealed, for whoever asked to look at."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.batch import Batch
from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal as seal_text
from faraday_app.core.vault import unseal
from faraday_app.gateway.models import RouteReceipt, SentRequest
from faraday_app.gateway.service import looking
from faraday_app.gateway.service.receipts import Receipt
from faraday_app.security.service import record
from faraday_app.security.service.audit import Thing

KEPT = timedelta(days=90)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A request that can be written down with its receipt."""

    id: UUID
    attempt: int
    model: str
    provider: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it left, with tokens in the places of names."""

    attempt: int
    model: str
    provider: str
    at: datetime
    body: Json


async def sealed(receipt: Receipt, organization_id: UUID) -> list[Sealed]:
    """Each request once, however often it was repeated. Nothing where everybody asked may be told names."""
    found: list[Sealed] = []
    before: tuple[UUID, Json] | None = None
    for place, attempt in enumerate(receipt.attempts):
        request = (attempt.deployment.id, attempt.sent) if attempt.sent is not None else None
        if request and request != before:
            id = new_id()
            text = await seal_text(organization_id, json.dumps(request[1], ensure_ascii=False), f"sent request {id}")
            found.append(Sealed(id, place, attempt.model, attempt.deployment.provider.name, text))
        before = request
    return found


async def keep(session: AsyncSession, receipt: Receipt, kept: RouteReceipt) -> None:
    """Beside the receipt, in its transaction."""
    if requests := await sealed(receipt, kept.organization_id):
        await session.flush()
        for request in requests:
            session.add(SentRequest(organization_id=kept.organization_id, **_values(request, kept.id)))


def keep_in(batch: Batch, requests: list[Sealed], organization_id: UUID, receipt_id: UUID) -> None:
    """The same in a batch."""
    for request in requests:
        values = _values(request, receipt_id)
        batch.insert(SentRequest, {"created_at": now(), "organization_id": organization_id, **values})


async def read(session: AsyncSession, actor: Actor, receipt_id: UUID) -> list[Sent]:
    """For whoever asked, and for those who manage models: then it is recorded that they looked."""
    receipt = await looking.get_receipt(session, actor, receipt_id)
    query = select(SentRequest).where(
        col(SentRequest.organization_id) == actor.organization, col(SentRequest.receipt_id) == receipt.id
    )
    rows = (await session.scalars(query.order_by(col(SentRequest.attempt)))).all()
    if rows and receipt.user_id != actor.user_id:
        record(session, actor, "answer.request_seen", Thing("route_receipts", receipt.id), user_id=str(receipt.user_id))
    return [await _opened(row) for row in rows]


async def _opened(row: SentRequest) -> Sent:
    body = json.loads(await unseal(row.sealed, f"sent request {row.id}"))
    return Sent(row.attempt, row.model, row.provider, row.created_at, body)


def _values(request: Sealed, receipt_id: UUID) -> dict[str, Any]:
    return {
        "id": request.id,
        "receipt_id": receipt_id,
        "attempt": request.attempt,
        "model": request.model,
        "provider": request.provider,
        "sealed": request.text,
    }
