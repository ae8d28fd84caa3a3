"""Folders of a library: at most five deep, with names that differ within one folder."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service import access
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, LimitReached, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Material, MaterialFolder
from faraday_app.coursework.service.materials.reaching import readable, touched
from faraday_app.security.service import record

DEEPEST = 5
MOST = 300  # in a class


@dataclass(frozen=True, slots=True)
class Counted:
    """A folder with how many materials the viewer finds in it and below it."""

    folder: MaterialFolder
    count: int


async def make(
    session: AsyncSession, actor: Actor, class_id: UUID, name: str, parent_id: UUID | None = None
) -> MaterialFolder:
    await access.teaching(session, actor, class_id, Permission.materials_manage)
    present = await of_class(session, class_id)
    if len(present) >= MOST:
        raise LimitReached(f"A class can have {MOST} folders. Delete one that is not needed.")
    if parent_id is not None and len(path_to(present, parent_id)) >= DEEPEST:
        raise Invalid(f"Folders can lie {DEEPEST} deep.", field="name")
    folder = MaterialFolder(
        organization_id=actor.organization, class_id=class_id, parent_id=parent_id, name=clean_name(name)
    )
    async with _unlike_others(session, folder.name):
        session.add(folder)
    record(session, actor, "material_folder.made", folder, class_id=str(class_id), name=folder.name)
    touched(session, class_id)
    return folder


async def change(
    session: AsyncSession, actor: Actor, folder_id: UUID, name: str, parent_id: UUID | None, version: int
) -> MaterialFolder:
    """Another name, another place, or both."""
    folder = await _mine(session, actor, folder_id, version)
    present = await of_class(session, folder.class_id)
    if parent_id is not None:
        above = [each.id for each in path_to(present, parent_id)]
        if folder_id in above:
            raise Invalid("A folder cannot be moved into itself.", field="parent_id")
        if len(above) + _height(present, folder_id) > DEEPEST:
            raise Invalid(f"Folders can lie {DEEPEST} deep.", field="parent_id")
    name = clean_name(name)
    async with _unlike_others(session, name):
        folder.name, folder.parent_id, folder.version = name, parent_id, folder.version + 1
    record(session, actor, "material_folder.changed", folder, class_id=str(folder.class_id), name=folder.name)
    touched(session, folder.class_id)
    return folder


async def delete(session: AsyncSession, actor: Actor, folder_id: UUID) -> MaterialFolder:
    """With all that lies in it. It can be brought back together."""
    folder = await _mine(session, actor, folder_id)
    below = [each.id for each in _below(await of_class(session, folder.class_id), folder_id)]
    moment = now()
    for table, place in ((MaterialFolder, col(MaterialFolder.id)), (Material, col(Material.folder_id))):
        await session.execute(
            update(table).where(place.in_(below), col(table.deleted_at).is_(None)).values(deleted_at=moment)
        )
    await session.refresh(folder)
    record(session, actor, "material_folder.deleted", folder, class_id=str(folder.class_id), name=folder.name)
    touched(session, folder.class_id)
    return folder


async def restore(session: AsyncSession, actor: Actor, folder_id: UUID) -> MaterialFolder:
    """With what was deleted with it. Where its place is gone it comes back to the top."""
    folder = await _mine(session, actor, folder_id, deleted=True)
    moment = folder.deleted_at
    assert moment
    parent = await session.get(MaterialFolder, folder.parent_id) if folder.parent_id else None
    async with _unlike_others(session, folder.name):
        if parent is not None and parent.deleted_at not in (None, moment):
            folder.parent_id = None
        await _bring_back(session, folder, moment)
    await session.refresh(folder)
    record(session, actor, "material_folder.restored", folder, class_id=str(folder.class_id), name=folder.name)
    touched(session, folder.class_id)
    return folder


async def get(session: AsyncSession, actor: Actor, folder_id: UUID) -> MaterialFolder:
    """For whoever may change it."""
    return await _mine(session, actor, folder_id)


async def seen(session: AsyncSession, actor: Actor, class_id: UUID, *, all_of_them: bool) -> list[Counted]:
    """The folders of a class with what the actor finds below each; to learners only those with something in them."""
    present = await of_class(session, class_id)
    query = (
        select(col(Material.folder_id), func.count())
        .where(col(Material.class_id) == class_id, col(Material.folder_id).is_not(None), readable(actor))
        .group_by(col(Material.folder_id))
    )
    within = {row[0]: int(row[1]) for row in (await session.execute(query)).all()}
    counted = [Counted(each, sum(within.get(one.id, 0) for one in _below(present, each.id))) for each in present]
    return [each for each in counted if all_of_them or each.count]


async def of_class(session: AsyncSession, class_id: UUID) -> list[MaterialFolder]:
    query = select(MaterialFolder).where(
        col(MaterialFolder.class_id) == class_id, col(MaterialFolder.deleted_at).is_(None)
    )
    return list(await session.scalars(query.order_by(func.lower(col(MaterialFolder.name)))))


async def must_be_of(session: AsyncSession, class_id: UUID, folder_id: UUID | None) -> None:
    """NotFound for a folder of another class, or one that is deleted."""
    if folder_id is not None:
        folder = await session.get(MaterialFolder, folder_id)
        if folder is None or folder.class_id != class_id or folder.deleted_at is not None:
            raise NotFound("This folder is not there any more.")


def path_to(present: Iterable[MaterialFolder], folder_id: UUID) -> list[MaterialFolder]:
    """From the top down to it; NotFound for what is not among them."""
    known = {each.id: each for each in present}
    found: list[MaterialFolder] = []
    at: UUID | None = folder_id
    while at is not None:
        if at not in known or len(found) > DEEPEST:
            raise NotFound("This folder is not there any more.")
        found.insert(0, known[at])
        at = known[at].parent_id
    return found


def clean_name(name: str) -> str:
    cleaned = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if not cleaned or len(cleaned) > 80:
        raise Invalid("Give the folder a name of at most 80 characters.", field="name")
    return cleaned


def _below(present: list[MaterialFolder], folder_id: UUID) -> list[MaterialFolder]:
    """It and all that lie in it, however deep."""
    found = [each for each in present if each.id == folder_id]
    for each in found:
        found += [child for child in present if child.parent_id == each.id]
    return found


def _height(present: list[MaterialFolder], folder_id: UUID) -> int:
    return 1 + max((_height(present, each.id) for each in present if each.parent_id == folder_id), default=0)


async def _mine(
    session: AsyncSession, actor: Actor, folder_id: UUID, version: int | None = None, *, deleted: bool = False
) -> MaterialFolder:
    actor.must_at_all(Permission.materials_manage)
    folder = await session.get(MaterialFolder, folder_id, with_for_update=True, populate_existing=True)
    if folder is None or (folder.deleted_at is not None) != deleted:
        raise NotFound
    await access.teaching(session, actor, folder.class_id, Permission.materials_manage)
    if version is not None and version != folder.version:
        raise Conflict(f"The folder “{folder.name}” was changed by somebody else. Look at it again.")
    return folder


async def _bring_back(session: AsyncSession, folder: MaterialFolder, moment: datetime) -> None:
    for table in (MaterialFolder, Material):
        deleted_with_it = col(table.class_id) == folder.class_id, col(table.deleted_at) == moment
        await session.execute(update(table).where(*deleted_with_it).values(deleted_at=None))


@asynccontextmanager
async def _unlike_others(session: AsyncSession, name: str) -> AsyncIterator[None]:
    """Two folders of one name in one place are refused by the database, whoever makes them at the same time."""
    try:
        async with session.begin_nested():
            yield
            await session.flush()
    except IntegrityError:
        raise Conflict(f"There is a folder called “{name}” here already.") from None
