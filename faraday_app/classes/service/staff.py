"""Who teaches a class and who helps in it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import ClassStaff, SchoolClass, StaffRole
from faraday_app.classes.service.access import standing
from faraday_app.classes.service.checking import MAY_TEACH, SCHOOL_STAFF, members_named, must_be_few, name_of
from faraday_app.classes.service.classes import ONLY_TEACHERS, announce, changing
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

MOST = 30
ONLY_STAFF = "Only who works at the school can help in a class."


@dataclass(frozen=True, slots=True)
class StaffMember:
    id: UUID
    user_id: UUID
    name: str
    email: str
    role: StaffRole


async def listed(session: AsyncSession, actor: Actor, class_id: UUID) -> list[StaffMember]:
    """Teachers first, then by name. The e-mail addresses are for the staff of the class alone."""
    found = await standing(session, actor, class_id, Permission.classes_read)
    query = (
        select(col(ClassStaff.id), col(User.id), col(User.name), col(User.email), col(ClassStaff.role))
        .join(User, col(User.id) == col(ClassStaff.user_id))
        .where(col(ClassStaff.class_id) == class_id, col(ClassStaff.ended_at).is_(None))
        .order_by(case((col(ClassStaff.role) == StaffRole.teacher, 0), else_=1), col(User.name), col(User.id))
        .limit(MOST)
    )
    return [
        StaffMember(id, user_id, name, email if found.is_staff else "", StaffRole(role))
        for id, user_id, name, email, role in await session.execute(query)
    ]


async def add(session: AsyncSession, actor: Actor, class_id: UUID, user_ids: Collection[UUID], role: StaffRole) -> int:
    """How many came newly. Who is of the staff already is left as they are."""
    school_class = (await changing(session, actor, class_id)).school_class
    must_be_few(user_ids)
    there = {each.user_id for each in await _current(session, class_id)}
    new = [id for id in dict.fromkeys(user_ids) if id not in there]
    if len(there) + len(new) > MOST:
        raise Invalid(f"A class can have up to {MOST} teachers and aides.")
    names = await _allowed(session, actor, new, role)
    for user_id in new:
        member = ClassStaff(organization_id=actor.organization, class_id=class_id, user_id=user_id, role=role)
        session.add(member)
        details = {"name": names[user_id], "user_id": str(user_id), "class_name": school_class.name, "role": str(role)}
        record(session, actor, "class_staff.created", member, **details)
    await session.flush()
    if new:
        announce(session, school_class, *new)
    return len(new)


async def change_role(session: AsyncSession, actor: Actor, class_id: UUID, user_id: UUID, role: StaffRole) -> None:
    """A teacher becomes an aide or the other way round; the last teacher stays one."""
    school_class = (await changing(session, actor, class_id)).school_class
    member = await _one(session, class_id, user_id)
    if member.role == role:
        return
    await _refuse_for_last_teacher(session, school_class, member)
    await _allowed(session, actor, [user_id], role)
    before, member.role = member.role, role
    name = await name_of(session, user_id)
    details = {"name": name, "user_id": str(user_id), "before": {"role": before}, "after": {"role": str(role)}}
    record(session, actor, "class_staff.changed", member, class_name=school_class.name, **details)
    announce(session, school_class, user_id)


async def remove(session: AsyncSession, actor: Actor, class_id: UUID, user_id: UUID) -> None:
    """Also oneself; the last teacher cannot leave."""
    school_class = (await changing(session, actor, class_id)).school_class
    member = await _one(session, class_id, user_id)
    await _refuse_for_last_teacher(session, school_class, member)
    member.ended_at = now()
    name = await name_of(session, user_id)
    details = {"name": name, "user_id": str(user_id), "class_name": school_class.name, "role": member.role}
    record(session, actor, "class_staff.ended", member, **details)
    announce(session, school_class, user_id)


async def _allowed(session: AsyncSession, actor: Actor, user_ids: Collection[UUID], role: StaffRole) -> dict[UUID, str]:
    if role is StaffRole.teacher:
        return await members_named(session, actor, user_ids, MAY_TEACH, ONLY_TEACHERS)
    return await members_named(session, actor, user_ids, SCHOOL_STAFF, ONLY_STAFF)


async def _current(session: AsyncSession, class_id: UUID) -> list[ClassStaff]:
    query = select(ClassStaff).where(col(ClassStaff.class_id) == class_id, col(ClassStaff.ended_at).is_(None))
    return list(await session.scalars(query))


async def _one(session: AsyncSession, class_id: UUID, user_id: UUID) -> ClassStaff:
    for member in await _current(session, class_id):
        if member.user_id == user_id:
            return member
    raise NotFound("This person is not of the staff of this class.")


async def _refuse_for_last_teacher(session: AsyncSession, school_class: SchoolClass, leaving: ClassStaff) -> None:
    """Whoever changes the staff has locked the class: two teachers cannot leave each other alone."""
    if leaving.role != StaffRole.teacher:
        return
    others = [each for each in await _current(session, school_class.id) if each.id != leaving.id]
    if not any(each.role == StaffRole.teacher for each in others):
        raise Conflict(f"“{school_class.name}” would be left without a teacher. Add another teacher first.")
