"""What a material was before: nothing of it is lost by writing over it, and each of it can come back."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.service.differing import Line, comparison
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import FileState, Material, MaterialFile, MaterialKind, MaterialVersion
from faraday_app.coursework.service.materials import giving, stored, words
from faraday_app.coursework.service.materials.drafts import clean_body, clean_note, clean_url
from faraday_app.coursework.service.materials.making import current
from faraday_app.coursework.service.materials.reaching import changeable, reached, touched
from faraday_app.security.service import record

LONGEST_COMPARED = 400_000  # characters


@dataclass(frozen=True, slots=True)
class Past:
    """A version as it stands in the history."""

    version: MaterialVersion
    file: MaterialFile | None
    author: str


async def write(
    session: AsyncSession, actor: Actor, material_id: UUID, body: str, version: int, note: str = ""
) -> Material:
    """New words on a page. The same words make no version."""
    material = await _of_kind(session, actor, material_id, MaterialKind.page, version)
    told = clean_body(body)
    if told == (await current(session, material))[0].body:
        return material
    return await _next(session, actor, material, MaterialVersion(body=told, **_blank(material)), note)


async def point(
    session: AsyncSession, actor: Actor, material_id: UUID, url: str, version: int, note: str = ""
) -> Material:
    """A link leads elsewhere from now on."""
    material = await _of_kind(session, actor, material_id, MaterialKind.link, version)
    address = clean_url(url)
    if address == (await current(session, material))[0].url:
        return material
    return await _next(session, actor, material, MaterialVersion(url=address, **_blank(material)), note)


async def replace(
    session: AsyncSession, actor: Actor, material_id: UUID, name: str, content: bytes, note: str = ""
) -> Material:
    """Another file in its place. One in quarantine withholds the material until a better one or an older one is
    put in its place."""
    material = await _of_kind(session, actor, material_id, MaterialKind.file, None)
    file = await stored.keep(session, actor, material.id, name, content)
    return await _next(session, actor, material, MaterialVersion(file_id=file.id, **_blank(material)), note, file)


async def restore(session: AsyncSession, actor: Actor, material_id: UUID, number: int, version: int) -> Material:
    """What it was, as a new version: the history only grows."""
    material = (await changeable(session, actor, material_id, version)).material
    past = await _version(session, material, number)
    if number == material.latest:
        return material
    file = await session.get(MaterialFile, past.file_id) if past.file_id else None
    again = MaterialVersion(body=past.body, url=past.url, file_id=past.file_id, **_blank(material))
    return await _next(session, actor, material, again, f"Restored from version {number}", file)


async def history(session: AsyncSession, actor: Actor, material_id: UUID, most: int = 100) -> list[Past]:
    """The newest first, for the staff of the class: learners see what is handed out to them now."""
    material = await _of_staff(session, actor, material_id)
    query = (
        select(MaterialVersion, MaterialFile)
        .outerjoin(MaterialFile, col(MaterialFile.id) == col(MaterialVersion.file_id))
        .where(col(MaterialVersion.material_id) == material.id)
        .order_by(col(MaterialVersion.number).desc())
        .limit(most)
    )
    found = [(row[0], row[1]) for row in (await session.execute(query)).all()]
    names = await _names(session, {each.author_id for each, _ in found if each.author_id})
    return [Past(each, file, names.get(each.author_id, "") if each.author_id else "") for each, file in found]


async def one(session: AsyncSession, actor: Actor, material_id: UUID, number: int) -> Past:
    """For the staff of the class."""
    version = await _version(session, await _of_staff(session, actor, material_id), number)
    file = await session.get(MaterialFile, version.file_id) if version.file_id else None
    author = (await _names(session, {version.author_id})).get(version.author_id, "") if version.author_id else ""
    return Past(version, file, author)


async def compare(session: AsyncSession, actor: Actor, material_id: UUID, older: int, newer: int) -> tuple[Line, ...]:
    """Where two versions differ, line by line; of files by their texts. Nothing for equal ones."""
    material = await _of_staff(session, actor, material_id)
    before, after = [await text_in(session, await _version(session, material, number)) for number in (older, newer)]
    if len(before) + len(after) > LONGEST_COMPARED:
        raise Invalid("These versions are too long to be compared here. Download both.")
    return await asyncio.to_thread(comparison, before, after)


async def text_in(session: AsyncSession, version: MaterialVersion) -> str:
    file = await session.get(MaterialFile, version.file_id) if version.file_id else None
    return version.body or version.url or await stored.text_of(file)


async def file_of(session: AsyncSession, actor: Actor, material_id: UUID, number: int | None = None) -> MaterialFile:
    """The file of the current version; of an older one only for the staff."""
    material = (await reached(session, actor, material_id)).material
    if number is not None and number != material.latest:
        material = await _of_staff(session, actor, material_id)
    version = await _version(session, material, number or material.latest)
    file = await session.get(MaterialFile, version.file_id) if version.file_id else None
    if file is None:
        raise NotFound("This material has no file.")
    return file


async def _of_staff(session: AsyncSession, actor: Actor, material_id: UUID) -> Material:
    found = await reached(session, actor, material_id)
    if not found.standing.is_staff:
        raise NotFound
    return found.material


async def _of_kind(
    session: AsyncSession, actor: Actor, material_id: UUID, kind: MaterialKind, version: int | None
) -> Material:
    material = (await changeable(session, actor, material_id, version)).material
    if material.kind != kind:
        raise Invalid(f"“{material.title}” is a {material.kind}, not a {kind}.")
    return material


async def _version(session: AsyncSession, material: Material, number: int) -> MaterialVersion:
    query = select(MaterialVersion).where(
        col(MaterialVersion.material_id) == material.id, col(MaterialVersion.number) == number
    )
    if not (found := await session.scalar(query)):
        raise NotFound("There is no such version.")
    return found


async def _names(session: AsyncSession, user_ids: set[UUID]) -> dict[UUID, str]:
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(user_ids))
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


def _blank(material: Material) -> dict[str, Any]:
    return {
        "organization_id": material.organization_id,
        "material_id": material.id,
        "number": material.latest + 1,
    }


async def _next(
    session: AsyncSession,
    actor: Actor,
    material: Material,
    version: MaterialVersion,
    note: str,
    file: MaterialFile | None = None,
) -> Material:
    version.author_id, version.note = actor.user_id, clean_note(note)
    session.add(version)
    material.latest, material.version, material.updated_at = version.number, material.version + 1, now()
    material.withheld = file is not None and file.state == FileState.quarantined
    await session.flush()
    await words.index(session, material, version, file)
    told = {"class_id": str(material.class_id), "title": material.title, "number": version.number}
    record(session, actor, "material.version_added", material, **told)
    await giving.material_changed(session, material)
    touched(session, material.class_id)
    return material
