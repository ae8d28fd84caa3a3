"""HTTP: what one was told."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.paging import LARGEST_PAGE, Cursor, Limit, Page, page, parsed
from faraday_app.core.http.parts import Part
from faraday_app.core.permissions import Actor, Permission
from faraday_app.notifications import service

router = Part(prefix="/notifications", tags=["notifications"])
Reader = Annotated[Actor, Depends(signed_in(Permission.notifications_read))]


class NotificationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime
    kind: str = Field(examples=["session.strange"])
    title: str
    text: str
    link: str = Field(description="A path in the app, or empty.")
    count: int = Field(description="How often the same was told within ten minutes.")
    read_at: datetime | None


class ReadIn(BaseModel):
    """Either ``ids`` or ``all``."""

    ids: list[UUID] = Field(default=[], max_length=LARGEST_PAGE)
    all: bool = Field(default=False, description="Everything there is so far.")


class UnreadOut(BaseModel):
    unread: int = Field(description="How many are left, counted up to 100.")


@router.get("", summary="List your notifications", responses=problems(422))
async def list_notifications(
    actor: Reader,
    unread: Annotated[bool, Query(description="Only what you have not read.")] = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[NotificationOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await service.mine(session, actor, unread=unread, before=before[0] if before else None, limit=limit + 1)
        return page(found, limit, NotificationOut.model_validate, "id")


@router.post("/read", summary="Mark as read", responses=problems(422))
async def mark_read(actor: Reader, wanted: ReadIn) -> UnreadOut:
    """Ids that are not yours, or do not exist, are passed over."""
    if not wanted.ids and not wanted.all:
        raise Invalid("Name the notifications in ids, or send all: true.", field="ids")
    async with transaction(actor) as session:
        if wanted.all:
            await service.mark_all_read(session, actor)
        else:
            await service.mark_read(session, actor, wanted.ids)
        return UnreadOut(unread=await service.unread_count(session, actor))
