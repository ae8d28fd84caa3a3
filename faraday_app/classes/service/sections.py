"""Parts of a class."""

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolment, SchoolClass, Section
from faraday_app.classes.service import changes
from faraday_app.classes.service.access import standing
from faraday_app.classes.service.checking import line
from faraday_app.classes.service.classes import announce, changing
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

MOST = 30


async def listed(session: AsyncSession, actor: Actor, class_id: UUID) -> list[Section]:
    """By name: all for the staff of the class, for others those that they or their children are in."""
    found = await standing(session, actor, class_id, Permission.classes_read)
    parts = await of_class(session, class_id)
    if found.is_staff:
        return parts
    query = select(col(Enrolment.section_id)).where(
        col(Enrolment.class_id) == class_id, col(Enrolment.student_id).in_(found.enrolled)
    )
    own = set(await session.scalars(query))
    return [each for each in parts if each.id in own]


async def of_class(session: AsyncSession, class_id: UUID) -> list[Section]:
    """The same, for whoever has asked already what the actor is to the class."""
    query = select(Section).where(col(Section.class_id) == class_id, col(Section.deleted_at).is_(None))
    return list(await session.scalars(query.order_by(func.lower(col(Section.name)), col(Section.id))))


async def add(session: AsyncSession, actor: Actor, class_id: UUID, name: str) -> Section:
    school_class = (await changing(session, actor, class_id)).school_class
    beside = await of_class(session, class_id)
    if len(beside) >= MOST:
        raise Invalid(f"A class can have up to {MOST} sections.")
    section = Section(organization_id=actor.organization, class_id=class_id, name=_free(name, beside))
    session.add(section)
    await session.flush()
    record(session, actor, "section.created", section, name=section.name, class_name=school_class.name)
    announce(session, school_class)
    return section


async def rename(session: AsyncSession, actor: Actor, section_id: UUID, was: str, name: str) -> Section:
    """Conflict when it is no longer called what it was when the actor looked."""
    section, school_class = await _changing(session, actor, section_id)
    if section.name != was:
        raise Conflict(f"Somebody else called it “{section.name}” meanwhile. Look again and repeat your change.")
    section.name = _free(name, [each for each in await of_class(session, section.class_id) if each.id != section.id])
    record(session, actor, "section.changed", section, name=section.name, before={"name": was})
    announce(session, school_class)
    return section


async def remove(session: AsyncSession, actor: Actor, section_id: UUID) -> None:
    """Its students stay in the class, in no section."""
    section, school_class = await _changing(session, actor, section_id)
    left = await session.execute(
        update(Enrolment)
        .where(col(Enrolment.section_id) == section.id)
        .values(section_id=None, version=col(Enrolment.version) + 1)
        .returning(col(Enrolment.student_id))
        .execution_options(synchronize_session=False)
    )
    section.deleted_at = now()
    students = list(left.scalars())
    record(session, actor, "section.deleted", section, name=section.name, students=len(students))
    if students:
        await changes.decided(session, [school_class.id], students)
    announce(session, school_class)


async def within(session: AsyncSession, class_id: UUID, section_id: UUID | None) -> Section | None:
    """The section, which must be one of this class."""
    if section_id is None:
        return None
    section = await session.get(Section, section_id)
    if section is None or section.class_id != class_id or section.deleted_at:
        raise Invalid("This section does not belong to this class.", field="section_id")
    return section


async def _changing(session: AsyncSession, actor: Actor, section_id: UUID) -> tuple[Section, SchoolClass]:
    section = await session.get(Section, section_id)
    if section is None or section.organization_id != actor.organization:
        raise NotFound("This section does not exist.")
    school_class = (await changing(session, actor, section.class_id)).school_class
    await session.refresh(section)
    if section.deleted_at:
        raise NotFound("This section does not exist.")
    return section, school_class


def _free(name: str, beside: list[Section]) -> str:
    cleaned = line(name, 80, "name")
    if any(each.name.lower() == cleaned.lower() for each in beside):
        raise Conflict(f"This class has a section “{cleaned}” already.")
    return cleaned
