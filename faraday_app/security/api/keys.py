"""HTTP: one's own API keys, and for those who see to security the organisation's."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.budgets import Period
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, cursor, parsed
from faraday_app.core.money import CREDIT, MOST
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import ApiKey
from faraday_app.security.service import api_keys
from faraday_app.security.service.directory import directory
from faraday_app.security.service.key_restrictions import MOST_ADDRESSES, MOST_PER_MINUTE, Restrictions

router = APIRouter(prefix="/api-keys", tags=["API keys"])
LONGEST_LIFE = timedelta(days=3660)
LONGEST_GRACE_HOURS = int(api_keys.LONGEST_GRACE / timedelta(hours=1))

Owner = Annotated[Actor, Depends(signed_in(Permission.api_keys_manage))]
Officer = Annotated[Actor, Depends(signed_in(Permission.security_manage))]
Count = Annotated[int, Field(ge=1, le=MOST_PER_MINUTE)]


class RestrictionsIn(BaseModel):
    """What the key is restricted to beyond its scopes. What is left out restricts nothing."""

    addresses: list[Annotated[Text, Field(max_length=60)]] = Field(
        default_factory=list,
        max_length=MOST_ADDRESSES,
        description="IPv4 and IPv6 networks it works from.",
        examples=[["203.0.113.0/24"]],
    )
    models: list[Annotated[Text, Field(max_length=120)]] = Field(
        default_factory=list, max_length=50, description="Names of the models it may ask."
    )
    budget: int | None = Field(None, gt=0, le=MOST, description="Micro-credits a period.", examples=[50 * CREDIT])
    budget_period: Period = Field(Period.month, description="Periods begin at midnight UTC; weeks on Monday.")
    limit_per_minute: Count | None = Field(None, description="Requests a minute, on average.")
    burst: Count | None = Field(None, description="Requests at once; as many as a minute has when left out.")


class ApiKeyIn(RestrictionsIn):
    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["Grade import"])]
    scopes: list[Permission] = Field(min_length=1, max_length=len(Permission), examples=[["assistant:use"]])
    expires_at: AwareDatetime | None = Field(None, description="At most ten years from now; null: never.")


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
    last_used_address: str
    addresses: list[str]
    models: list[str]
    budget: int | None = Field(description="Micro-credits a period.")
    budget_period: str = Field(description="day, week, month or total; empty without a budget.")
    limit_per_minute: int | None
    burst: int | None
    made_with: UUID | None = Field(description="The key it was made with, and ends with.")
    old_until: datetime | None = Field(description="Until when the secret before the last rotation works.")


class OneApiKeyOut(ApiKeyOut):
    owner_id: UUID
    owner: str
    spent: int = Field(description="Micro-credits of the budget's present period that are spent or held.")


class OwnedApiKeyOut(ApiKeyOut):
    owner_id: UUID
    owner: str


class NewApiKeyOut(ApiKeyOut):
    secret: str = Field(description="The key itself. It cannot be shown again.")


class RotationIn(BaseModel):
    grace_hours: int = Field(
        24, ge=0, le=LONGEST_GRACE_HOURS, description="Hours for which the old secret works on; 0 ends it at once."
    )


@router.get("", summary="List your keys")
async def list_api_keys(actor: Owner) -> list[ApiKeyOut]:
    """Newest first, those that are not revoked."""
    async with transaction(actor) as session:
        return [ApiKeyOut.model_validate(row) for row in await api_keys.list_api_keys(session, actor)]


@router.get("/all", summary="List the organisation's keys", responses=problems(422))
async def list_all_api_keys(
    actor: Officer,
    text: Annotated[Search, Query(description="In the name, or the beginning of the key.")] = "",
    limit: Limit = 25,
    after: Annotated[Cursor, Query(alias="cursor")] = "",
) -> Page[OwnedApiKeyOut]:
    """Newest first, of everybody, those that are not revoked."""
    place = parsed(after, UUID)
    wanted = api_keys.KeyFilter(text, place[0] if place else None)
    async with transaction(actor) as session:
        found = await api_keys.search(session, actor, wanted, limit + 1)
        items = await _owned(session, actor, found[:limit])
    return Page(items=items, next=cursor(items[-1].id) if len(found) > limit else None)


@router.get("/{key_id}", summary="Get a key", responses=problems(404, 422))
async def get_api_key(actor: Owner, key_id: UUID) -> OneApiKeyOut:
    """One of yours; for those who see to security, any of the organisation."""
    async with transaction(actor) as session:
        row = await api_keys.get_api_key(session, actor, key_id)
        owned = (await _owned(session, actor, [row]))[0]
        return OneApiKeyOut(**owned.model_dump(), spent=await api_keys.spent(session, row))


@router.post("", status_code=201, summary="Create a key", responses=problems(422))
async def create_api_key(actor: Owner, wanted: ApiKeyIn) -> NewApiKeyOut:
    """Scopes can only be what you may do yourself.

    With a key, nothing can be wider than that key: what you leave out is taken from it, and the new key ends with it.
    """
    if wanted.expires_at and wanted.expires_at > now() + LONGEST_LIFE:
        raise Invalid("Choose an expiry within ten years.", field="expires_at")
    async with transaction(actor) as session:
        row, secret = await api_keys.create_api_key(
            session, actor, wanted.name, sorted(set(wanted.scopes)), wanted.expires_at, _restrictions(wanted)
        )
        return NewApiKeyOut(**ApiKeyOut.model_validate(row).model_dump(), secret=secret)


@router.post("/{key_id}/rotate", summary="Rotate a key", responses=problems(404, 422))
async def rotate_api_key(
    actor: Owner, key_id: UUID, wanted: Annotated[RotationIn | None, Body()] = None
) -> NewApiKeyOut:
    """A new secret for the same key. Both work until the time of grace is over.

    Rotated again within ten minutes, the secret handed out in between ends and the old one keeps its time. With a
    key, only that key and those made with it can be rotated.
    """
    grace = timedelta(hours=(wanted or RotationIn()).grace_hours)
    async with transaction(actor) as session:
        row, secret = await api_keys.rotate_api_key(session, actor, key_id, grace)
        return NewApiKeyOut(**ApiKeyOut.model_validate(row).model_dump(), secret=secret)


@router.delete("/{key_id}", status_code=204, summary="Revoke a key", responses=problems(404, 422))
async def revoke_api_key(actor: Owner, key_id: UUID) -> None:
    """It and those made with it stop working at once, also in the middle of an answer they follow.

    Those who see to security can revoke any of the organisation; its owner is told.
    """
    async with transaction(actor) as session:
        await api_keys.revoke_api_key(session, actor, key_id)


async def _owned(session: AsyncSession, actor: Actor, rows: list[ApiKey]) -> list[OwnedApiKeyOut]:
    owners = await directory.names(session, actor.organization, {row.user_id for row in rows})
    return [
        OwnedApiKeyOut(
            **ApiKeyOut.model_validate(row).model_dump(), owner_id=row.user_id, owner=owners.get(row.user_id, "")
        )
        for row in rows
    ]


def _restrictions(wanted: ApiKeyIn) -> Restrictions:
    return Restrictions(
        addresses=tuple(wanted.addresses),
        models=tuple(wanted.models),
        budget=wanted.budget,
        budget_period=wanted.budget_period,
        limit_per_minute=wanted.limit_per_minute,
        burst=wanted.burst,
    )
