"""Versions of materials over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from faraday_app.core.database import transaction
from faraday_app.core.http.description import problems
from faraday_app.coursework.api.materials.schemas import (
    Body,
    FileOut,
    Keeper,
    MaterialOut,
    Note,
    Reader,
    Url,
    Version,
    file_out,
    found_in,
    shown,
)
from faraday_app.coursework.service.materials import versions
from faraday_app.coursework.service.materials.versions import Past

router = APIRouter(prefix="/{material_id}")
Place = Annotated[int, Path(ge=1, le=2**31 - 1)]


class PageVersionIn(BaseModel):
    body: Body
    note: Note = ""
    version: Version


class LinkVersionIn(BaseModel):
    url: Url
    note: Note = ""
    version: Version


class RestoreIn(BaseModel):
    version: Version


class VersionOut(BaseModel):
    number: int
    author_id: UUID | None
    author: str
    note: str
    created_at: datetime
    body: str | None = Field(description="Markdown of a page; null in the list.")
    url: str
    file: FileOut | None


class LineOut(BaseModel):
    """`sign`: `same`, `gone`, `new`, or `skipped` for lines alike that are left out."""

    sign: str
    text: str


@router.get("/versions", summary="List the versions of a material", responses=problems(404, 422))
async def list_versions(actor: Reader, class_id: UUID, material_id: UUID) -> list[VersionOut]:
    """The newest first, at most 100; for the staff of the class."""
    async with transaction(actor) as session:
        await found_in(session, actor, class_id, material_id)
        found = await versions.history(session, actor, material_id)
    return [_out(each, whole=False) for each in found]


@router.get("/versions/comparison", summary="Compare two versions line by line", responses=problems(404, 422))
async def compare_versions(
    actor: Reader,
    class_id: UUID,
    material_id: UUID,
    older: Annotated[int, Query(ge=1, le=2**31 - 1)],
    newer: Annotated[int, Query(ge=1, le=2**31 - 1)],
) -> list[LineOut]:
    """Of files their texts are compared. Nothing for equal ones; for the staff of the class."""
    async with transaction(actor) as session:
        await found_in(session, actor, class_id, material_id)
        lines = await versions.compare(session, actor, material_id, older, newer)
    return [LineOut(sign=each.sign, text=each.text) for each in lines]


@router.get("/versions/{number}", summary="Get a version of a material", responses=problems(404, 422))
async def get_version(actor: Reader, class_id: UUID, material_id: UUID, number: Place) -> VersionOut:
    """For the staff of the class."""
    async with transaction(actor) as session:
        await found_in(session, actor, class_id, material_id)
        return _out(await versions.one(session, actor, material_id, number), whole=True)


@router.put("/page", summary="Write a page anew", responses=problems(404, 409, 413, 422))
async def write_page(actor: Keeper, class_id: UUID, material_id: UUID, wanted: PageVersionIn) -> MaterialOut:
    """A new version, unless the words are the same."""
    async with transaction(actor) as session:
        await found_in(session, actor, class_id, material_id)
        await versions.write(session, actor, material_id, wanted.body, wanted.version, wanted.note)
        return await shown(session, actor, class_id, material_id)


@router.put("/link", summary="Have a link lead elsewhere", responses=problems(404, 409, 422))
async def point_link(actor: Keeper, class_id: UUID, material_id: UUID, wanted: LinkVersionIn) -> MaterialOut:
    async with transaction(actor) as session:
        await found_in(session, actor, class_id, material_id)
        await versions.point(session, actor, material_id, wanted.url, wanted.version, wanted.note)
        return await shown(session, actor, class_id, material_id)


@router.post("/versions/{number}/restore", summary="Restore an older version", responses=problems(404, 409, 422))
async def restore_version(
    actor: Keeper, class_id: UUID, material_id: UUID, number: Place, wanted: RestoreIn
) -> MaterialOut:
    """As a new version: the history only grows."""
    async with transaction(actor) as session:
        await found_in(session, actor, class_id, material_id)
        await versions.restore(session, actor, material_id, number, wanted.version)
        return await shown(session, actor, class_id, material_id)


def _out(past: Past, *, whole: bool) -> VersionOut:
    return VersionOut(
        number=past.version.number,
        author_id=past.version.author_id,
        author=past.author,
        note=past.version.note,
        created_at=past.version.created_at,
        body=past.version.body if whole else None,
        url=past.version.url,
        file=file_out(past.file, staff=True),
    )
