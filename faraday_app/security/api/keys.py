"""HTTP: one's own API keys."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import api_keys

router = APIRouter()
LONGEST_LIFE = timedelta(days=3660)


Owner = Annotated[Actor, Depends(signed_in(Permission.api_keys_manage))]


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
