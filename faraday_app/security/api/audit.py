"""HTTP: the audit trail."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import audit

router = APIRouter()
Auditor = Annotated[Actor, Depends(signed_in(Permission.audit_read))]


class AuditEventOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime
    actor_id: UUID | None = Field(description="Null for Faraday itself and for guests.")
    actor_name: str
    action: str = Field(examples=["credits.granted"])
    target_type: str
    target_id: UUID | None
    details: dict[str, Any]
    address: str


@router.get("/audit", tags=["audit"], summary="Search the audit trail", responses=problems(422))
async def search_audit(
    actor: Auditor,
    text: Annotated[Search, Query(description="In who, what and where.")] = "",
    action: Annotated[Search, Query(description="Beginning of the action, such as `credits.`")] = "",
    actor_id: UUID | None = None,
    since: AwareDatetime | None = None,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[AuditEventOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    wanted = audit.AuditFilter(
        text=text, action=action, actor_id=actor_id, since=since, before=before[0] if before else None
    )
    async with transaction(actor) as session:
        found = await audit.search(session, actor, wanted, limit + 1)
        return page(found, limit, AuditEventOut.model_validate, "id")
