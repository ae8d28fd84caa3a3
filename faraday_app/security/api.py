"""HTTP: the audit trail, and one's own API keys."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import api_keys, audit

LONGEST_LIFE = timedelta(days=3660)

router = APIRouter()
Auditor = Annotated[Actor, Depends(signed_in(Permission.audit_read))]
Owner = Annotated[Actor, Depends(signed_in(Permission.api_keys_manage))]


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


class ApiKeyOut(BaseModel):
    """A key, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    prefix: str = Field(description="The beginning of the secret, to tell keys apart.", examples=["fdy_x8Kp2m"])
    scopes: list[str] = Field(examples=[["assistant:use"]])
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewApiKeyOut(ApiKeyOut):
    secret: str = Field(description="The key itself. It cannot be shown again.")


class ApiKeyIn(BaseModel):
    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["Grade import"])]
    scopes: list[Permission] = Field(min_length=1, max_length=len(Permission), examples=[["assistant:use"]])
    expires_at: AwareDatetime | None = Field(None, description="At most ten years from now; null: never.")


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


@router.get("/api-keys", tags=["API keys"], summary="List your keys")
async def list_api_keys(actor: Owner) -> list[ApiKeyOut]:
    """Newest first, those that are not revoked."""
    async with transaction(actor) as session:
        return [ApiKeyOut.model_validate(row) for row in await api_keys.list_api_keys(session, actor)]


@router.post("/api-keys", status_code=201, tags=["API keys"], summary="Create a key", responses=problems(422))
async def create_api_key(actor: Owner, wanted: ApiKeyIn) -> NewApiKeyOut:
    """Scopes can only be what you may do yourself; with a key, only what that key may do."""
    if wanted.expires_at and wanted.expires_at > now() + LONGEST_LIFE:
        raise Invalid("Choose an expiry within ten years.", field="expires_at")
    async with transaction(actor) as session:
        row, secret = await api_keys.create_api_key(
            session, actor, wanted.name, sorted(set(wanted.scopes)), wanted.expires_at
        )
        return NewApiKeyOut(**ApiKeyOut.model_validate(row).model_dump(), secret=secret)


@router.delete(
    "/api-keys/{key_id}", status_code=204, tags=["API keys"], summary="Revoke a key", responses=problems(404, 422)
)
async def revoke_api_key(actor: Owner, key_id: UUID) -> None:
    """It stops working at once, also in the middle of an answer it follows."""
    async with transaction(actor) as session:
        await api_keys.revoke_api_key(session, actor, key_id)
