"""Folders of a library over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service import access
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Permission
from faraday_app.coursework.api.materials.schemas import Keeper, Reader, Version
from faraday_app.coursework.models import MaterialFolder
from faraday_app.coursework.service.materials import folders
from faraday_app.coursework.service.materials.folders import Counted

router = APIRouter(prefix="/folders")
Name = Annotated[Text, Field(min_length=1, max_length=80, examples=["Unit 1"])]


class FolderIn(BaseModel):
    name: Name
    parent_id: UUID | None = Field(None, description="None: at the top.")


class FolderChange(FolderIn):
    version: Version


class FolderOut(BaseModel):
    """`count`: materials in it and below it that you may read; null where it was not counted."""

    id: UUID
    parent_id: UUID | None
    name: str
    version: int
    count: int | None = None


@router.get("", summary="List the folders of a library", responses=problems(404, 422))
async def list_folders(actor: Reader, class_id: UUID) -> list[FolderOut]:
    """All of them by name; whoever learns in the class is told of those in which there is something for them."""
    async with transaction(actor) as session:
        standing = await access.standing(session, actor, class_id, Permission.materials_read)
        seen = await folders.seen(session, actor, class_id, all_of_them=standing.is_staff)
    return [_counted(each) for each in seen]


@router.post("", status_code=201, summary="Make a folder", responses=problems(404, 409, 422))
async def make_folder(actor: Keeper, class_id: UUID, wanted: FolderIn) -> FolderOut:
    async with transaction(actor) as session:
        return _out(await folders.make(session, actor, class_id, wanted.name, wanted.parent_id))


@router.put("/{folder_id}", summary="Rename or move a folder", responses=problems(404, 409, 422))
async def change_folder(actor: Keeper, class_id: UUID, folder_id: UUID, wanted: FolderChange) -> FolderOut:
    async with transaction(actor) as session:
        await _must_be_in(session, class_id, folder_id)
        changed = await folders.change(session, actor, folder_id, wanted.name, wanted.parent_id, wanted.version)
        return _out(changed)


@router.delete("/{folder_id}", status_code=204, summary="Delete a folder", responses=problems(404, 409, 422))
async def delete_folder(actor: Keeper, class_id: UUID, folder_id: UUID) -> None:
    """With all that is in it; it can be restored."""
    async with transaction(actor) as session:
        await _must_be_in(session, class_id, folder_id)
        await folders.delete(session, actor, folder_id)


@router.post("/{folder_id}/restore", summary="Restore a deleted folder", responses=problems(404, 409, 422))
async def restore_folder(actor: Keeper, class_id: UUID, folder_id: UUID) -> FolderOut:
    """With what was deleted with it."""
    async with transaction(actor) as session:
        await _must_be_in(session, class_id, folder_id)
        return _out(await folders.restore(session, actor, folder_id))


async def _must_be_in(session: AsyncSession, class_id: UUID, folder_id: UUID) -> None:
    folder = await session.get(MaterialFolder, folder_id)
    if folder is None or folder.class_id != class_id:
        raise NotFound


def _out(folder: MaterialFolder) -> FolderOut:
    return FolderOut(id=folder.id, parent_id=folder.parent_id, name=folder.name, version=folder.version)


def _counted(found: Counted) -> FolderOut:
    return _out(found.folder).model_copy(update={"count": found.count})
