"""Bringing people over from another class, last term's as a rule."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import ClassStaff, Enrolled, Enrolment, StaffRole
from faraday_app.classes.service import enrolments, sections, staff
from faraday_app.classes.service.access import standing
from faraday_app.classes.service.classes import changing
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Membership
from faraday_app.security.service import record


@dataclass(frozen=True, slots=True)
class Copied:
    students: int
    staff: int


async def copy_people(
    session: AsyncSession, actor: Actor, class_id: UUID, from_id: UUID, *, with_staff: bool = False
) -> Copied:
    """Its students with their sections, made here where they are missing; on wish its teachers and aides.

    Who was withdrawn there is left out, and so is who has left the school. Nobody who is here already is changed.
    The actor must be a teacher of both, or oversee them; the other one may be archived.
    """
    if class_id == from_id:
        raise Invalid("Choose another class to copy from.", field="from_class_id")
    source = await standing(session, actor, from_id, Permission.classes_manage)
    source.must_grade()
    target = (await changing(session, actor, class_id)).school_class
    here = {each.name.lower(): each.id for each in await sections.of_class(session, class_id)}
    students = 0
    for name, student_ids in (await _students(session, actor, from_id)).items():
        if name and name.lower() not in here:
            here[name.lower()] = (await sections.add(session, actor, class_id, name)).id
        students += await enrolments.enrol(session, actor, class_id, student_ids, here.get(name.lower()))
    helpers = await _copy_staff(session, actor, class_id, from_id) if with_staff else 0
    record(
        session,
        actor,
        "class.people_copied",
        target,
        name=target.name,
        from_class=str(from_id),
        students=students,
        staff=helpers,
    )
    return Copied(students, helpers)


async def _students(session: AsyncSession, actor: Actor, class_id: UUID) -> dict[str, list[UUID]]:
    """By the name of their section, those in none under no name."""
    names = {each.id: each.name for each in await sections.of_class(session, class_id)}
    query = (
        select(col(Enrolment.student_id), col(Enrolment.section_id))
        .join(Membership, col(Membership.user_id) == col(Enrolment.student_id))
        .where(
            col(Enrolment.class_id) == class_id,
            col(Enrolment.status) != Enrolled.withdrawn,
            col(Membership.organization_id) == actor.organization,
            col(Membership.deactivated_at).is_(None),
            col(Membership.role) == Role.student,
        )
    )
    found: dict[str, list[UUID]] = {}
    for student_id, section_id in await session.execute(query.order_by(col(Enrolment.id))):
        found.setdefault(names.get(section_id, "") if section_id else "", []).append(student_id)
    return found


async def _copy_staff(session: AsyncSession, actor: Actor, class_id: UUID, from_id: UUID) -> int:
    count = 0
    for role in StaffRole:
        query = (
            select(col(ClassStaff.user_id))
            .join(Membership, col(Membership.user_id) == col(ClassStaff.user_id))
            .where(
                col(ClassStaff.class_id) == from_id,
                col(ClassStaff.ended_at).is_(None),
                col(ClassStaff.role) == role,
                col(Membership.organization_id) == actor.organization,
                col(Membership.deactivated_at).is_(None),
            )
        )
        count += await staff.add(session, actor, class_id, list(await session.scalars(query)), role)
    return count
