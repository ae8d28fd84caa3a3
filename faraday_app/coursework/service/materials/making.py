"""Add materials, say more about them, move them, take them away and bring them back."""

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service import access
from faraday_app.core.clock import now
from faraday_app.core.errors import LimitReached
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import FileState, Material, MaterialFile, MaterialKind, MaterialVersion
from faraday_app.coursework.service.materials import folders, giving, stored, words
from faraday_app.coursework.service.materials.drafts import Draft, clean_body, clean_url, cleaned
from faraday_app.coursework.service.materials.reaching import changeable, must_be_sections, touched
from faraday_app.security.service import record

MOST = 3_000  # materials in a class


async def add_page(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    folder_id: UUID | None,
    draft: Draft,
    body: str,
    request_key: str | None = None,
) -> Material:
    material, is_new = await _begun(session, actor, class_id, folder_id, MaterialKind.page, draft, request_key)
    if is_new:
        await _first(session, actor, material, MaterialVersion(body=clean_body(body), **_of(actor, material)))
    return material


async def add_link(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    folder_id: UUID | None,
    draft: Draft,
    url: str,
    request_key: str | None = None,
) -> Material:
    material, is_new = await _begun(session, actor, class_id, folder_id, MaterialKind.link, draft, request_key)
    if is_new:
        await _first(session, actor, material, MaterialVersion(url=clean_url(url), **_of(actor, material)))
    return material


async def add_file(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    folder_id: UUID | None,
    draft: Draft | None,
    name: str,
    content: bytes,
    request_key: str | None = None,
) -> Material:
    """Without a draft it is called as its file is. What fails is in quarantine: the staff sees it, and why."""
    draft = draft or Draft(title=title_of(name))
    material, is_new = await _begun(session, actor, class_id, folder_id, MaterialKind.file, draft, request_key)
    if is_new:
        file = await stored.keep(session, actor, material.id, name, content)
        await _first(session, actor, material, MaterialVersion(file_id=file.id, **_of(actor, material)), file)
    return material


async def edit(session: AsyncSession, actor: Actor, material_id: UUID, draft: Draft, version: int) -> Material:
    """What is said about it and who sees it, not what it holds."""
    material = (await changeable(session, actor, material_id, version)).material
    wanted = cleaned(draft)
    await must_be_sections(session, material.class_id, wanted.section_ids)
    _take(material, wanted)
    material.version += 1
    material.updated_at = now()
    await session.flush()
    latest, file = await current(session, material)
    await words.index(session, material, latest, file)
    record(session, actor, "material.edited", material, **_told(material))
    await giving.material_changed(session, material)
    touched(session, material.class_id)
    return material


async def move(
    session: AsyncSession, actor: Actor, class_id: UUID, material_ids: Collection[UUID], folder_id: UUID | None
) -> None:
    """All of them or none."""
    await folders.must_be_of(session, class_id, folder_id)
    for id in sorted(set(material_ids)):
        material = (await changeable(session, actor, id)).material
        await folders.must_be_of(session, material.class_id, folder_id)
        material.folder_id = folder_id
        record(session, actor, "material.moved", material, class_id=str(material.class_id), title=material.title)
    touched(session, class_id)


async def delete(session: AsyncSession, actor: Actor, material_id: UUID) -> Material:
    material = (await changeable(session, actor, material_id)).material
    material.deleted_at = now()
    record(session, actor, "material.deleted", material, class_id=str(material.class_id), title=material.title)
    await giving.material_changed(session, material)
    touched(session, material.class_id)
    return material


async def restore(session: AsyncSession, actor: Actor, material_id: UUID) -> Material:
    """Where its folder is gone it comes back to the top."""
    material = (await changeable(session, actor, material_id, deleted=True)).material
    if material.folder_id and material.folder_id not in {
        each.id for each in await folders.of_class(session, material.class_id)
    }:
        material.folder_id = None
    material.deleted_at = None
    record(session, actor, "material.restored", material, class_id=str(material.class_id), title=material.title)
    await giving.material_changed(session, material)
    touched(session, material.class_id)
    return material


async def current(session: AsyncSession, material: Material) -> tuple[MaterialVersion, MaterialFile | None]:
    query = select(MaterialVersion).where(
        col(MaterialVersion.material_id) == material.id, col(MaterialVersion.number) == material.latest
    )
    version = (await session.scalars(query)).one()
    return version, await session.get(MaterialFile, version.file_id) if version.file_id else None


def title_of(name: str) -> str:
    """What a file is called, without what tells its kind: “cells_and-tissues.pdf” is “cells and tissues”."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    return " ".join(stem.replace("_", " ").split())[:200] or "Untitled"


async def _begun(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    folder_id: UUID | None,
    kind: MaterialKind,
    draft: Draft,
    request_key: str | None,
) -> tuple[Material, bool]:
    """A new one, or the one that the same request has made before."""
    await access.teaching(session, actor, class_id, Permission.materials_manage)
    if request_key is not None and (made := await _made(session, class_id, request_key)):
        return made, False
    wanted = cleaned(draft)
    await folders.must_be_of(session, class_id, folder_id)
    await must_be_sections(session, class_id, wanted.section_ids)
    present = select(func.count()).where(col(Material.class_id) == class_id, col(Material.deleted_at).is_(None))
    if (await session.scalar(present) or 0) >= MOST:
        raise LimitReached(f"A class can have {MOST:,} materials. Delete what is not needed.")
    material = Material(
        id=new_id(),
        organization_id=actor.organization,
        class_id=class_id,
        folder_id=folder_id,
        kind=kind,
        title=wanted.title,
        created_by=actor.user_id,
        request_key=request_key,
    )
    _take(material, wanted)
    try:
        async with session.begin_nested():
            session.add(material)
            await session.flush()
    except IntegrityError:
        if request_key is None or not (made := await _made(session, class_id, request_key)):
            raise
        return made, False  # the same request, at the same time
    return material, True


async def _made(session: AsyncSession, class_id: UUID, request_key: str) -> Material | None:
    query = select(Material).where(col(Material.class_id) == class_id, col(Material.request_key) == request_key)
    return await session.scalar(query)


async def _first(
    session: AsyncSession, actor: Actor, material: Material, version: MaterialVersion, file: MaterialFile | None = None
) -> None:
    material.withheld = file is not None and file.state == FileState.quarantined
    session.add(version)
    await session.flush()
    await words.index(session, material, version, file)
    record(session, actor, "material.added", material, kind=material.kind, **_told(material))
    touched(session, material.class_id)


def _take(material: Material, wanted: Draft) -> None:
    material.title, material.about, material.tags = wanted.title, wanted.about, list(wanted.tags)
    material.draft, material.section_ids = wanted.draft, wanted.section_ids
    material.visible_from, material.visible_until = wanted.visible_from, wanted.visible_until


def _of(actor: Actor, material: Material) -> dict[str, Any]:
    return {
        "organization_id": material.organization_id,
        "material_id": material.id,
        "number": material.latest,
        "author_id": actor.user_id,
    }


def _told(material: Material) -> dict[str, object]:
    return {"class_id": str(material.class_id), "title": material.title, "draft": material.draft}
