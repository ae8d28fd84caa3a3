"""Who sees what of a library: everything about materials begins here.

The staff of a class sees all of it. Students and parents see what is no draft, is not in quarantine, is within its
moments, and is for the whole class or for the section that they, or a child of theirs, are in.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolment, SchoolClass, Section
from faraday_app.classes.service import access
from faraday_app.classes.service.access import Standing
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Material


@dataclass(frozen=True, slots=True)
class Reached:
    """A material, and what the actor is to its class."""

    material: Material
    standing: Standing


def readable(actor: Actor) -> ColumnElement[bool]:
    """A condition on materials: those that the actor may read, in whatever class."""
    # Not one with a class that the query itself may name.
    staffed = col(Material.class_id).in_(select(col(SchoolClass.id)).where(access.staffed(actor)).correlate(None))
    return and_(col(Material.deleted_at).is_(None), or_(staffed, and_(shown(), _learned(actor))))


def shown() -> ColumnElement[bool]:
    """A condition on materials: those that learners may be shown at this moment."""
    moment = now()
    return and_(
        ~col(Material.draft),
        ~col(Material.withheld),
        or_(col(Material.visible_from).is_(None), col(Material.visible_from) <= moment),
        or_(col(Material.visible_until).is_(None), col(Material.visible_until) > moment),
    )


def _learned(actor: Actor) -> ColumnElement[bool]:
    for_all = func.cardinality(col(Material.section_ids)) == 0
    for_section = col(Enrolment.section_id) == func.any(col(Material.section_ids))
    return exists().where(
        col(Enrolment.class_id) == col(Material.class_id), access.learned(actor.user_id), or_(for_all, for_section)
    )


async def reached(session: AsyncSession, actor: Actor, material_id: UUID, *, lock: bool = False) -> Reached:
    """NotFound for whoever may not read it, whatever the reason."""
    actor.must_at_all(Permission.materials_read)
    query = select(Material).where(col(Material.id) == material_id, readable(actor))
    material = await session.scalar(query.with_for_update() if lock else query)
    if material is None:
        raise NotFound
    return Reached(material, await access.standing(session, actor, material.class_id, Permission.materials_read))


async def changeable(
    session: AsyncSession, actor: Actor, material_id: UUID, version: int | None = None, *, deleted: bool = False
) -> Reached:
    """For the teachers of its class; Conflict when it is no longer the version that they saw."""
    actor.must_at_all(Permission.materials_manage)
    material = await session.get(Material, material_id, with_for_update=True, populate_existing=True)
    if material is None or (material.deleted_at is not None) != deleted:
        raise NotFound
    standing = await access.teaching(session, actor, material.class_id, Permission.materials_manage)
    if version is not None and version != material.version:
        raise Conflict(f"“{material.title}” was changed by somebody else. Look at it again before you save.")
    return Reached(material, standing)


def touched(session: AsyncSession, class_id: UUID) -> None:
    """Have the pages that show the class's library read again."""
    publish_on_commit(session, topic("coursework", class_id))


async def must_be_sections(session: AsyncSession, class_id: UUID, section_ids: list[UUID]) -> None:
    query = select(func.count()).where(
        col(Section.class_id) == class_id, col(Section.id).in_(section_ids), col(Section.deleted_at).is_(None)
    )
    if section_ids and await session.scalar(query) != len(set(section_ids)):
        raise Invalid("One of these sections is not of this class.", field="section_ids")
