"""Backups over HTTP: what there is, one now, what bringing it back would do, and bringing it back."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from faraday_app.contexts.models import Backup, BackupState, Every, Restore, RestoreState
from faraday_app.contexts.service import backups
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import OptionalIdempotencyKey, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(tags=["backups"])
Manager = Annotated[Actor, Depends(signed_in(Permission.backups_manage))]


class BackupOut(BaseModel):
    """An archive. `good`: it was read back whole and compared with what went in, table for table."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    state: BackupState = Field(description="`waiting`, `making`, `checking`, then `good` or `failed`.")
    by_itself: bool = Field(description="Made by the schedule, not on request.")
    error: str = Field(description="Why it failed.")
    created_at: datetime
    as_of: datetime | None = Field(description="Everything in it is as it was at this moment.")
    finished_at: datetime | None
    done: int = Field(description="Rows that are through, of `total`.")
    total: int
    conversations: int
    messages: int
    size: int = Field(description="Bytes of the archive.")
    plain_size: int = Field(description="Bytes before packing and encrypting.")
    seconds: float


class TableCheck(BaseModel):
    """What went into an archive, and came out of it again."""

    rows: int
    sha256: str = Field(description="Over all rows, in the order of their ids.")


class OneBackupOut(BackupOut):
    tables: dict[str, TableCheck] = Field(description="Empty until it is good.")


class ScheduleOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    every: Every
    keep: int = Field(description="How many good ones stay.")
    version: int
    next_at: datetime | None


class ScheduleIn(BaseModel):
    every: Every
    keep: int = Field(ge=1, le=backups.MOST_KEPT, description="How many good ones stay.")
    version: int = Field(ge=1, le=2**31 - 1, description="The version that was read; an older one is refused.")


class RestoreIn(BaseModel):
    """Only what is gone comes back, unless `put_back` says that what has changed is set back too."""

    conversation_id: UUID | None = Field(None, description="This conversation alone; left out: everything.")
    put_back: bool = False


class FoundOut(BaseModel):
    """Rows of a table that are not there, that differ, that are the same, and that are left alone."""

    new: int
    changed: int
    same: int
    left: int


class RestoreOut(BaseModel):
    id: UUID
    backup_id: UUID
    conversation_id: UUID | None
    put_back: bool
    state: RestoreState = Field(description="`ready`: compared, and nothing changed yet.")
    error: str
    created_at: datetime
    finished_at: datetime | None
    done: int
    total: int
    confirmation: str = Field(
        description="What will happen; send it to have it happen. Empty unless `ready`.",
        examples=["Of everything, bring back 14 and set back nothing."],
    )
    found: dict[str, FoundOut] = Field(description="By table.")
    busy: int = Field(description="Conversations that are left alone since answers are being written in them.")


class ConfirmationIn(BaseModel):
    confirmation: Annotated[Text, Field(max_length=300)] = Field(
        description="`confirmation` of the restore, word for word: you have read what will happen."
    )


@router.get("/backups", summary="List backups", responses=problems(422))
async def list_backups(actor: Manager, limit: Limit = 25, cursor: Cursor = "") -> Page[BackupOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await backups.listed(session, actor, before[0] if before else None, limit + 1)
    return page(found, limit, _backup, "id")


@router.post("/backups", status_code=202, summary="Make a backup now", responses=problems(409, 422))
async def make_backup(actor: Manager, idempotency_key: OptionalIdempotencyKey = None) -> BackupOut:
    """In the background: look at it again until `state` is `good` or `failed`. Conflict while one is being made."""
    async with transaction(actor) as session:
        return _backup(await backups.begin(session, actor, idempotency_key))


@router.get("/backups/nearest", summary="Find the backup before a moment", responses=problems(404, 422))
async def nearest_backup(actor: Manager, moment: Annotated[AwareDatetime, Query()]) -> BackupOut:
    """The newest good one. What was written between the two is not in it, and cannot be had from it."""
    async with transaction(actor) as session:
        return _backup(await backups.nearest(session, actor, moment))


@router.get("/backups/schedule", summary="When backups are made")
async def get_schedule(actor: Manager) -> ScheduleOut:
    async with transaction(actor) as session:
        return ScheduleOut.model_validate(await backups.schedule(session, actor))


@router.put("/backups/schedule", summary="Say when backups are made", responses=problems(409, 422))
async def set_schedule(actor: Manager, wanted: ScheduleIn) -> ScheduleOut:
    async with transaction(actor) as session:
        await backups.choose_schedule(session, actor, wanted.every, wanted.keep, wanted.version)
        return ScheduleOut.model_validate(await backups.schedule(session, actor))


@router.get("/backups/{backup_id}", summary="Get a backup", responses=problems(404, 422))
async def get_backup(actor: Manager, backup_id: UUID) -> OneBackupOut:
    """With what was compared when it was read back: the rows of each table and their hash."""
    async with transaction(actor) as session:
        found = await backups.get_backup(session, actor, backup_id)
    tables = {name: TableCheck(**told) for name, told in found.tables.items()}
    return OneBackupOut(**_backup(found).model_dump(), tables=tables)


@router.post(
    "/backups/{backup_id}/restores",
    status_code=202,
    summary="Find out what a restore would do",
    responses=problems(404, 409, 422),
)
async def compare(
    actor: Manager, backup_id: UUID, wanted: RestoreIn, idempotency_key: OptionalIdempotencyKey = None
) -> RestoreOut:
    """In the background. Nothing changes until it is confirmed."""
    async with transaction(actor) as session:
        found = await backups.compare(
            session, actor, backup_id, wanted.conversation_id, put_back=wanted.put_back, key=idempotency_key
        )
    return _restore(found)


@router.get("/restores", summary="List restores", responses=problems(422))
async def list_restores(actor: Manager, limit: Limit = 25, cursor: Cursor = "") -> Page[RestoreOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await backups.restores(session, actor, before[0] if before else None, limit + 1)
    return page(found, limit, _restore, "id")


@router.get("/restores/{restore_id}", summary="Get a restore", responses=problems(404, 422))
async def get_restore(actor: Manager, restore_id: UUID) -> RestoreOut:
    async with transaction(actor) as session:
        return _restore(await backups.get_restore(session, actor, restore_id))


@router.post(
    "/restores/{restore_id}/confirm",
    status_code=202,
    summary="Bring it back",
    responses=problems(404, 409, 422),
)
async def confirm(actor: Manager, restore_id: UUID, wanted: ConfirmationIn) -> RestoreOut:
    """For a person who has just shown again who they are: a key cannot, and is refused with the problem
    `urn:faraday:problem:confirmation-needed`. Everything comes together at the end, or nothing does.
    """
    async with transaction(actor) as session:
        await backups.confirm(session, actor, restore_id, wanted.confirmation)
        return _restore(await backups.get_restore(session, actor, restore_id))


@router.delete(
    "/restores/{restore_id}", status_code=204, summary="Call a restore off", responses=problems(404, 409, 422)
)
async def call_off(actor: Manager, restore_id: UUID) -> None:
    """Before it is confirmed. Nothing was changed."""
    async with transaction(actor) as session:
        await backups.call_off(session, actor, restore_id)


def _backup(row: Backup) -> BackupOut:
    own = {name: getattr(row, name) for name in BackupOut.model_fields if hasattr(row, name)}
    return BackupOut(**own, by_itself=row.started_by is None, conversations=row.contexts)


def _restore(row: Restore) -> RestoreOut:
    own = {name: getattr(row, name) for name in RestoreOut.model_fields if hasattr(row, name)}
    found = {name: FoundOut(**told) for name, told in row.found.get("tables", {}).items()}
    return RestoreOut(
        **own | {"found": found},
        conversation_id=row.context_id,
        confirmation=backups.sentence_of(row),
        busy=int(row.found.get("busy", 0)),
    )
