"""Materials over HTTP: list, find, add, say more about, delete and restore."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service import access
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import OptionalIdempotencyKey, Search
from faraday_app.core.http.paging import Cursor, Limit, Page, cursor, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.api.materials.schemas import (
    Keeper,
    LinkIn,
    MaterialChange,
    MaterialOut,
    PageIn,
    Reader,
    found_in,
    material_out,
    shown,
)
from faraday_app.coursework.models import Material, MaterialKind
from faraday_app.coursework.service import materials

router = APIRouter()


class FoundOut(MaterialOut):
    excerpt: str = Field(description="Where it says what was looked for.")


class MoveIn(BaseModel):
    material_ids: list[UUID] = Field(min_length=1, max_length=100)
    folder_id: UUID | None = Field(None, description="None: to the top.")


@router.get("", summary="List the materials in a folder", responses=problems(404, 422))
async def list_materials(
    actor: Reader,
    class_id: UUID,
    folder_id: Annotated[UUID | None, Query(description="None: those at the top.")] = None,
    limit: Limit = 25,
    cursor_: Annotated[Cursor, Query(alias="cursor")] = "",
) -> Page[MaterialOut]:
    """By title. Whoever learns in the class gets what is shown to them at this moment."""
    after = parsed(cursor_, str, UUID)
    async with transaction(actor) as session:
        standing = await access.standing(session, actor, class_id, Permission.materials_read)
        found = await materials.listed(
            session, actor, class_id, folder_id, after=(after[0], after[1]) if after else None, limit=limit + 1
        )
    items = [material_out(each, staff=standing.is_staff, whole=False) for each in found[:limit]]
    last = found[limit - 1].material if len(found) > limit else None
    return Page(items=items, next=cursor(last.title.lower(), last.id) if last else None)


@router.get("/search", summary="Find materials by their words", responses=problems(404, 422))
async def search_materials(
    actor: Reader,
    class_id: UUID,
    text: Annotated[Search, Query(description="In titles, tags, pages and the texts of files.")] = "",
    kind: MaterialKind | None = None,
    tag: Annotated[Search, Query()] = "",
    limit: Limit = 25,
) -> list[FoundOut]:
    """The best first; without words the newest first. Words in quotation marks stand together, a minus leaves out."""
    async with transaction(actor) as session:
        standing = await access.standing(session, actor, class_id, Permission.materials_read)
        found = await materials.search(session, actor, text, class_id=class_id, kind=kind or "", tag=tag, limit=limit)
    return [
        FoundOut(**material_out(each, staff=standing.is_staff, whole=False).model_dump(), excerpt=each.excerpt)
        for each in found
    ]


@router.post("/pages", status_code=201, summary="Add a page", responses=problems(404, 409, 413, 422))
async def add_page(
    actor: Keeper, class_id: UUID, wanted: PageIn, idempotency_key: OptionalIdempotencyKey = None
) -> MaterialOut:
    async with transaction(actor) as session:
        made = await materials.add_page(
            session, actor, class_id, wanted.folder_id, wanted.wanted(), wanted.body, idempotency_key
        )
        return await _made(session, actor, made)


@router.post("/links", status_code=201, summary="Add a link", responses=problems(404, 409, 422))
async def add_link(
    actor: Keeper, class_id: UUID, wanted: LinkIn, idempotency_key: OptionalIdempotencyKey = None
) -> MaterialOut:
    async with transaction(actor) as session:
        made = await materials.add_link(
            session, actor, class_id, wanted.folder_id, wanted.wanted(), wanted.url, idempotency_key
        )
        return await _made(session, actor, made)


@router.post("/move", status_code=204, summary="Move materials to a folder", responses=problems(404, 409, 422))
async def move_materials(actor: Keeper, class_id: UUID, wanted: MoveIn) -> None:
    """All of them or none."""
    async with transaction(actor) as session:
        await access.teaching(session, actor, class_id, Permission.materials_manage)
        await materials.move(session, actor, class_id, wanted.material_ids, wanted.folder_id)


@router.get("/{material_id}", summary="Get a material", responses=problems(404, 422))
async def get_material(actor: Reader, class_id: UUID, material_id: UUID) -> MaterialOut:
    """Reading it here counts as opening it; by whom is kept nowhere."""
    async with transaction(actor) as session:
        await materials.usage.count(session, await found_in(session, actor, class_id, material_id))
        return await shown(session, actor, class_id, material_id)


@router.put("/{material_id}", summary="Say what a material is and who sees it", responses=problems(404, 409, 422))
async def edit_material(actor: Keeper, class_id: UUID, material_id: UUID, wanted: MaterialChange) -> MaterialOut:
    async with transaction(actor) as session:
        await found_in(session, actor, class_id, material_id)
        await materials.edit(session, actor, material_id, wanted.wanted(), wanted.version)
        return await shown(session, actor, class_id, material_id)


@router.delete("/{material_id}", status_code=204, summary="Delete a material", responses=problems(404, 409, 422))
async def delete_material(actor: Keeper, class_id: UUID, material_id: UUID) -> None:
    """It can be restored."""
    async with transaction(actor) as session:
        await found_in(session, actor, class_id, material_id)
        await materials.delete(session, actor, material_id)


@router.post("/{material_id}/restore", summary="Restore a deleted material", responses=problems(404, 409, 422))
async def restore_material(actor: Keeper, class_id: UUID, material_id: UUID) -> MaterialOut:
    async with transaction(actor) as session:
        gone = await session.get(Material, material_id)
        if gone is None or gone.class_id != class_id:
            raise NotFound
        await materials.restore(session, actor, material_id)
        return await shown(session, actor, class_id, material_id)


async def _made(session: AsyncSession, actor: Actor, made: Material) -> MaterialOut:
    return material_out(await materials.entry(session, actor, made.id), staff=True)
