"""HTTP: the audit trail."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import anyone, signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import audit, exporting, signing
from faraday_app.security.views import actions_meant

router = APIRouter()
public = APIRouter(include_in_schema=False, dependencies=[Depends(anyone)])
Exporter = Annotated[Actor, Depends(signed_in(Permission.audit_export))]
Auditor = Annotated[Actor, Depends(signed_in(Permission.audit_read))]


class AuditEventOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime
    actor_id: UUID | None = Field(description="Null for Faraday itself and for guests.")
    actor_name: str
    action: str = Field(examples=["credits.granted"])
    outcome: str = Field(description="`done`, `refused` or `failed`.")
    target_type: str
    target_id: UUID | None
    details: dict[str, Any] = Field(description="A change tells what was `before` and `after`.")
    address: str
    request_id: str = Field(description="The same for all that one request or click caused; also `X-Request-Id`.")
    session_id: UUID | None
    api_key_id: UUID | None


def filters(
    *,
    text: Annotated[
        Search, Query(description="In who, what (also in plain words) and where, among the newest 20,000 that remain.")
    ] = "",
    action: Annotated[Search, Query(description="Beginning of the action, such as `credits.`")] = "",
    actor_id: UUID | None = None,
    target_type: Annotated[Search, Query(description="Such as `memberships`.")] = "",
    target_id: UUID | None = None,
    outcome: Annotated[Literal["done", "refused", "failed"] | None, Query()] = None,
    address: Annotated[Search, Query(description="Exactly this address.")] = "",
    request_id: Annotated[Search, Query(description="All that one request or click caused.")] = "",
    since: AwareDatetime | None = None,
    until: Annotated[AwareDatetime | None, Query(description="Not included.")] = None,
) -> audit.AuditFilter:
    return audit.AuditFilter(
        text=text,
        meant=actions_meant(text),
        action=action,
        actor_id=actor_id,
        target_type=target_type,
        target_id=target_id,
        outcome=outcome or "",
        address=address,
        request_id=request_id,
        since=since,
        until=until,
    )


Filters = Annotated[audit.AuditFilter, Depends(filters)]


@router.get("/audit", tags=["audit"], summary="Search the audit trail", responses=problems(422))
async def search_audit(actor: Auditor, wanted: Filters, limit: Limit = 25, cursor: Cursor = "") -> Page[AuditEventOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    wanted = replace(wanted, before=before[0] if before else None)
    async with transaction(actor) as session:
        found = await audit.search(session, actor, wanted, limit + 1)
        return page(found, limit, AuditEventOut.model_validate, "id")


_FILES: dict[str, Any] = {
    "application/x-ndjson": {"schema": {"type": "string"}},
    "text/csv": {"schema": {"type": "string"}},
}


@router.get(
    "/audit/export",
    tags=["audit"],
    summary="Export the audit trail",
    response_class=StreamingResponse,
    responses={200: {"description": "The file.", "content": _FILES}, **problems(422)},
)
async def export_audit(
    actor: Exporter, wanted: Filters, format: Literal["jsonl", "csv"] = "jsonl"
) -> StreamingResponse:
    """Oldest first. Not narrowed, JSON lines can be verified without Faraday: `tools/verify_audit.py`."""
    async with transaction(actor) as session:
        await exporting.begin_export(session, actor, wanted, format)
    lines, kind = (
        (exporting.csv_lines, "text/csv") if format == "csv" else (exporting.json_lines, "application/x-ndjson")
    )
    headers = {"Content-Disposition": f'attachment; filename="audit.{format}"', "Cache-Control": "no-store"}
    return StreamingResponse(lines(actor, wanted), media_type=kind, headers=headers)


@public.get("/.well-known/faraday-audit-key")
async def audit_key() -> dict[str, list[dict[str, str]]]:
    """The public keys that the audit trail is signed with, the current one first."""
    return {"keys": signing.published()}
