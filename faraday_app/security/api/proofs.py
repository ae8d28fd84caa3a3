"""HTTP: what the audit trail is proved with."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import sealed

router = APIRouter()
Auditor = Annotated[Actor, Depends(signed_in(Permission.audit_read))]


class AuditBlockOut(BaseModel):
    """Events that were sealed together, each block holding on to the one before."""

    model_config = ConfigDict(from_attributes=True)

    number: int = Field(examples=[12])
    count: int = Field(description="Events in it.")
    first_id: UUID
    last_id: UUID
    previous_hash: str
    root: str = Field(description="Merkle root over the hashes of its events.")
    hash: str
    sealed_at: datetime


class AuditRootOut(BaseModel):
    """All blocks of a day (UTC) under one signature. Keep them elsewhere, and nothing before can be rewritten."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    first_number: int
    last_number: int
    root: str
    key_id: str
    signature: str = Field(description="Ed25519, hexadecimal.")


@router.get("/audit/blocks", tags=["audit"], summary="List sealed blocks", responses=problems(422))
async def list_audit_blocks(actor: Auditor, limit: Limit = 25, cursor: Cursor = "") -> Page[AuditBlockOut]:
    """Newest first."""
    before = parsed(cursor, int)
    async with transaction(actor) as session:
        found = await sealed.blocks(session, actor, before[0] if before else None, limit + 1)
        return page(found, limit, AuditBlockOut.model_validate, "number")


@router.get("/audit/roots", tags=["audit"], summary="List signed days", responses=problems(422))
async def list_audit_roots(actor: Auditor, limit: Limit = 25, cursor: Cursor = "") -> Page[AuditRootOut]:
    """Newest first. The key is at `/.well-known/faraday-audit-key`."""
    before = parsed(cursor, date.fromisoformat)
    async with transaction(actor) as session:
        found = await sealed.roots(session, actor, before[0] if before else None, limit + 1)
        return page(found, limit, AuditRootOut.model_validate, "day")
