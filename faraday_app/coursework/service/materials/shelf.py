"""What lies in a library, as each person finds it: folder by folder, by words, and over all their classes."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, String, and_, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolment, SchoolClass
from faraday_app.classes.service import access
from faraday_app.classes.service.access import Standing
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Material, MaterialFile, MaterialFolder, MaterialVersion, MaterialWords
from faraday_app.coursework.service.materials import folders, stored, words
from faraday_app.coursework.service.materials.folders import Counted
from faraday_app.coursework.service.materials.reaching import readable
from faraday_app.coursework.service.materials.usage import opened

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A material in a list. ``excerpt``: where it says what was looked for. ``opened``: how often, for its staff."""

    material: Material
    version: MaterialVersion
    file: MaterialFile | None
    class_name: str = ""
    excerpt: str = ""
    opened: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a library, or its top. ``folders`` are those that the viewer finds in it."""

    standing: Standing
    path: list[MaterialFolder]
    folders: list[Counted]
    manages: bool


async def place(session: AsyncSession, actor: Actor, class_id: UUID, folder_id: UUID | None) -> Place:
    """NotFound for a folder in which a learner finds nothing: it might tell what is still to come."""
    standing = await access.standing(session, actor, class_id, Permission.materials_read)
    seen = await folders.seen(session, actor, class_id, all_of_them=standing.is_staff)
    path = folders.path_to([each.folder for each in seen], folder_id) if folder_id else []
    within = [each for each in seen if each.folder.parent_id == folder_id]
    return Place(standing, path, within, manages(actor, standing))


def manages(actor: Actor, standing: Standing) -> bool:
    return (
        standing.grades
        and actor.may(Permission.materials_manage, standing.resource)
        and standing.school_class.archived_at is None
    )


async def listed(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    folder_id: UUID | None = None,
    *,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[Entry]:
    """One folder by title. ``after``: title in small letters and id of the last one of the page before."""
    standing = await access.standing(session, actor, class_id, Permission.materials_read)
    title = func.lower(col(Material.title))
    query = entries().where(
        col(Material.class_id) == class_id, col(Material.folder_id).is_not_distinct_from(folder_id), readable(actor)
    )
    if after:
        query = query.where(tuple_(title, col(Material.id)) > after)
    return await _found(session, query.order_by(title, col(Material.id)).limit(limit), counted=standing.is_staff)


async def search(
    session: AsyncSession,
    actor: Actor,
    text: str = "",
    *,
    class_id: UUID | None = None,
    kind: str = "",
    tag: str = "",
    after: UUID | None = None,
    limit: int = MOST_FOUND,
) -> list[Entry]:
    """Over one class or all of one's own. With words the best first and no further page; without, the newest first."""
    text = " ".join(text.split())[:200]
    query = entries().where(readable(actor), await _of_classes(session, actor, class_id))
    if kind:
        query = query.where(col(Material.kind) == kind)
    if tag:
        query = query.where(col(Material.tags).op("@>")(literal([tag.lower()], ARRAY(String(40)))))
    if after:
        query = query.where(col(Material.id) < after)
    if not text:
        return await _found(session, query.order_by(col(Material.id).desc()).limit(limit))
    query = query.join(MaterialWords, col(MaterialWords.material_id) == col(Material.id)).where(words.matches(text))
    found = await _found(session, query.order_by(words.rank(text).desc(), col(Material.id).desc()).limit(limit))
    return await _with_excerpts(session, text, found)


async def tags_of(session: AsyncSession, actor: Actor, class_id: UUID | None = None, most: int = 30) -> list[str]:
    """Those on what the actor may read, the most used first."""
    tag = func.unnest(col(Material.tags)).label("tag")
    query = select(tag).where(readable(actor), await _of_classes(session, actor, class_id)).subquery()
    counted = select(query.c.tag).group_by(query.c.tag).order_by(func.count().desc(), query.c.tag).limit(most)
    return list(await session.scalars(counted))


async def removed(session: AsyncSession, actor: Actor, class_id: UUID, limit: int = 50) -> list[Entry]:
    """What was deleted and can be brought back, the last first."""
    await access.teaching(session, actor, class_id, Permission.materials_manage)
    query = entries().where(col(Material.class_id) == class_id, col(Material.deleted_at).is_not(None))
    return await _found(session, query.order_by(col(Material.deleted_at).desc()).limit(limit))


async def removed_folders(session: AsyncSession, actor: Actor, class_id: UUID, limit: int = 50) -> list[MaterialFolder]:
    await access.teaching(session, actor, class_id, Permission.materials_manage)
    query = select(MaterialFolder).where(
        col(MaterialFolder.class_id) == class_id, col(MaterialFolder.deleted_at).is_not(None)
    )
    return list(await session.scalars(query.order_by(col(MaterialFolder.deleted_at).desc()).limit(limit)))


async def entry(session: AsyncSession, actor: Actor, material_id: UUID) -> Entry:
    query = entries().where(col(Material.id) == material_id, readable(actor))
    if not (found := await _found(session, query, counted=True)):
        raise NotFound
    return found[0]


async def _of_classes(session: AsyncSession, actor: Actor, class_id: UUID | None) -> ColumnElement[bool]:
    """Rules may close single classes to somebody: those are asked for each class, where there are any."""
    if class_id is not None:
        await access.standing(session, actor, class_id, Permission.materials_read)
        return col(Material.class_id) == class_id
    actor.must_at_all(Permission.materials_read)
    if actor.is_system or actor.may(Permission.materials_read):
        return col(Material.organization_id) == actor.organization
    learners: dict[UUID, set[UUID]] = {}
    query = select(col(Enrolment.class_id), col(Enrolment.student_id)).where(access.learned(actor.user_id))
    for row in await session.execute(query):
        learners.setdefault(row[0], set()).add(row[1])
    classes = await session.scalars(select(SchoolClass).where(access.visible(actor)))
    may = [
        each.id
        for each in classes
        if actor.may(Permission.materials_read, access.resource_of(each, learners.get(each.id, ())))
    ]
    return col(Material.class_id).in_(may)


def entries() -> Select[Material, MaterialVersion, MaterialFile, str]:
    """Materials with what they are now, and the name of their class. Which of them, is for the caller to say."""
    return (
        select(Material, MaterialVersion, MaterialFile, col(SchoolClass.name))
        .join(MaterialVersion, latest())
        .outerjoin(MaterialFile, col(MaterialFile.id) == col(MaterialVersion.file_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Material.class_id))
    )


def latest() -> ColumnElement[bool]:
    """A condition on versions: the current one of each material."""
    return and_(
        col(MaterialVersion.material_id) == col(Material.id), col(MaterialVersion.number) == col(Material.latest)
    )


async def _found(
    session: AsyncSession,
    query: Select[Material, MaterialVersion, MaterialFile, str],
    *,
    counted: bool = False,
) -> list[Entry]:
    rows = (await session.execute(query)).all()
    counts = await opened(session, [row[0].id for row in rows]) if counted else {}
    return [Entry(row[0], row[1], row[2], row[3], opened=counts.get(row[0].id, 0)) for row in rows]


async def _with_excerpts(session: AsyncSession, text: str, found: list[Entry]) -> list[Entry]:
    texts = {each.material.id: each.version.body or await stored.text_of(each.file) for each in found[:20]}
    told = await words.excerpts(session, text, {id: body for id, body in texts.items() if body})
    return [
        Entry(each.material, each.version, each.file, each.class_name, told.get(each.material.id, ""), each.opened)
        for each in found
    ]


async def classes_of(session: AsyncSession, actor: Actor, most: int, *, staffed: bool = False) -> list[UUID]:
    """One's classes, the newest first; only those whose staff one is, where that is asked for."""
    actor.must_at_all(Permission.materials_read)
    theirs = access.staffed(actor) if staffed else access.visible(actor)
    query = select(col(SchoolClass.id)).where(theirs, col(SchoolClass.archived_at).is_(None))
    return list(await session.scalars(query.order_by(col(SchoolClass.id).desc()).limit(most)))
