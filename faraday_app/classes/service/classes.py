"""Making, changing and archiving classes."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.models import ClassStaff, SchoolClass, StaffRole
from faraday_app.classes.service import changes, terms
from faraday_app.classes.service.access import Standing, resource_of, standing, teaching
from faraday_app.classes.service.checking import MAY_TEACH, line, members_named, must_be_current, must_be_few
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Department
from faraday_app.security.service import record

ONLY_TEACHERS = "Only teachers, department heads and administrators can teach a class."


@dataclass(frozen=True, slots=True)
class ClassDraft:
    term_id: UUID
    name: str
    subject: str = ""
    code: str = ""
    room: str = ""
    department_id: UUID | None = None


async def make(
    session: AsyncSession, actor: Actor, draft: ClassDraft, teacher_ids: Collection[UUID] = ()
) -> SchoolClass:
    """Its teachers are those who are named, or else the actor, if they teach."""
    actor.must_at_all(Permission.classes_manage)
    school_class = SchoolClass(organization_id=actor.organization, **await _fields(session, actor, draft))
    actor.must(Permission.classes_manage, resource_of(school_class))
    must_be_few(teacher_ids)
    if not teacher_ids and actor.role in (Role.head, Role.teacher):
        teacher_ids = [actor.user]
    names = await members_named(session, actor, teacher_ids, MAY_TEACH, ONLY_TEACHERS)
    session.add(school_class)
    await session.flush()
    session.add_all(
        ClassStaff(
            organization_id=actor.organization, class_id=school_class.id, user_id=user_id, role=StaffRole.teacher
        )
        for user_id in names
    )
    await session.flush()
    teachers = sorted(names.values())
    record(session, actor, "class.created", school_class, name=school_class.name, teachers=teachers)
    announce(session, school_class, *names)
    return school_class


async def change(session: AsyncSession, actor: Actor, class_id: UUID, version: int, draft: ClassDraft) -> SchoolClass:
    """Its teachers' to do, and whoever oversees it. Conflict when the version is old."""
    school_class = (await changing(session, actor, class_id)).school_class
    must_be_current(version, school_class.version, f"“{school_class.name}”")
    before, term_id = _said(school_class), school_class.term_id
    for name, value in (await _fields(session, actor, draft, school_class)).items():
        setattr(school_class, name, value)
    actor.must(Permission.classes_manage, resource_of(school_class))
    school_class.version += 1
    record(
        session, actor, "class.changed", school_class, name=school_class.name, before=before, after=_said(school_class)
    )
    if school_class.term_id != term_id:
        await changes.decided(session, [school_class.id])
    announce(session, school_class)
    return school_class


async def archive(session: AsyncSession, actor: Actor, class_id: UUID) -> None:
    """It can still be read by everybody who could; nothing in it changes any more."""
    school_class = (await _ones_own(session, actor, class_id)).school_class
    if school_class.archived_at is None:
        school_class.archived_at = now()
        school_class.version += 1
        record(session, actor, "class.archived", school_class, name=school_class.name)
        announce(session, school_class)


async def unarchive(session: AsyncSession, actor: Actor, class_id: UUID) -> None:
    school_class = (await _ones_own(session, actor, class_id)).school_class
    if school_class.archived_at is not None:
        school_class.archived_at = None
        school_class.version += 1
        record(session, actor, "class.unarchived", school_class, name=school_class.name)
        announce(session, school_class)


async def changing(session: AsyncSession, actor: Actor, class_id: UUID) -> Standing:
    """The class for whoever changes it or its people, while nobody else does."""
    found = await teaching(session, actor, class_id, Permission.classes_manage)
    await session.refresh(found.school_class, with_for_update=True)
    found.must_be_open()
    return found


def announce(session: AsyncSession, school_class: SchoolClass, *people: UUID) -> None:
    """The class changed, and with it what these people may see."""
    publish_on_commit(session, topic("class", school_class.id))
    publish_on_commit(session, topic("classes", school_class.organization_id))
    for user_id in people:
        publish_on_commit(session, topic("rights", user_id))


async def _ones_own(session: AsyncSession, actor: Actor, class_id: UUID) -> Standing:
    """Also an archived one."""
    found = await standing(session, actor, class_id, Permission.classes_manage)
    found.must_grade()
    await session.refresh(found.school_class, with_for_update=True)
    return found


async def _fields(
    session: AsyncSession, actor: Actor, draft: ClassDraft, there: SchoolClass | None = None
) -> dict[str, Any]:
    if there is None or draft.term_id != there.term_id:
        await terms.get(session, actor, draft.term_id)
    if draft.department_id and (there is None or draft.department_id != there.department_id):
        department = await session.get(Department, draft.department_id)
        if department is None or department.organization_id != actor.organization:
            raise Invalid("This department does not exist.", field="department_id")
    return {
        "term_id": draft.term_id,
        "name": line(draft.name, 120, "name"),
        "subject": line(draft.subject, 80, "subject", needed=False),
        "code": line(draft.code, 40, "code", needed=False),
        "room": line(draft.room, 40, "room", needed=False),
        "department_id": draft.department_id,
    }


def _said(school_class: SchoolClass) -> dict[str, str]:
    return {
        "name": school_class.name,
        "subject": school_class.subject,
        "code": school_class.code,
        "room": school_class.room,
        "term": str(school_class.term_id),
        "department": str(school_class.department_id or ""),
    }
