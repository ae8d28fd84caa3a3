"""What somebody is to a class: everything about classes, coursework and grades asks here first."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import ClassStaff, Enrolled, Enrolment, Guardianship, SchoolClass, StaffRole
from faraday_app.core.authorization import Resource
from faraday_app.core.errors import Conflict, NotFound, NotPermitted
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service.subjects import RELATIONS, Related


@dataclass(frozen=True)
class Standing:
    """A class, and what the actor is to it. ``enrolled`` are those whose records are theirs to see as a student or
    guardian: themselves, or their children in this class; whoever is of the staff sees all."""

    school_class: SchoolClass
    teaches: bool = False
    helps: bool = False
    oversees: bool = False
    learns: bool = False
    enrolled: frozenset[UUID] = frozenset()

    @property
    def is_staff(self) -> bool:
        return self.teaches or self.helps or self.oversees

    @property
    def grades(self) -> bool:
        """Whether grades and rules are theirs to change: an aide only reads and comments."""
        return self.teaches or self.oversees

    @cached_property
    def resource(self) -> Resource:
        return resource_of(self.school_class, self.enrolled)

    def sees(self, student_id: UUID) -> bool:
        return self.is_staff or student_id in self.enrolled

    def must_see(self, student_id: UUID) -> None:
        if not self.sees(student_id):
            raise NotFound

    def must_grade(self) -> None:
        if not self.grades:
            raise NotPermitted("Only the teachers of this class can do this.")

    def must_be_open(self) -> None:
        if self.school_class.archived_at is not None:
            raise Conflict(f"“{self.school_class.name}” is archived and can only be read.")


def resource_of(school_class: SchoolClass, student_ids: Collection[UUID] = ()) -> Resource:
    return Resource(
        "class",
        school_class.id,
        organization_id=school_class.organization_id,
        department_id=school_class.department_id,
        class_ids=frozenset({school_class.id}),
        student_ids=frozenset(student_ids),
    )


async def standing(
    session: AsyncSession, actor: Actor, class_id: UUID, permission: Permission = Permission.classes_read
) -> Standing:
    """The class as the actor stands to it. NotFound for whoever is nothing to it, NotPermitted without the right."""
    actor.must_at_all(permission)
    school_class, role, enrolled = await _found(session, actor, class_id)
    if school_class is None or school_class.organization_id != actor.organization:
        raise NotFound
    if actor.is_system:
        return Standing(school_class, oversees=True)
    found = Standing(
        school_class,
        teaches=role == StaffRole.teacher,
        helps=role == StaffRole.aide,
        oversees=actor.may(Permission.classes_oversee, resource_of(school_class)),
        learns=actor.user in enrolled,
        enrolled=enrolled,
    )
    if not found.is_staff and not enrolled:
        raise NotFound
    actor.must(permission, found.resource)
    return found


async def teaching(session: AsyncSession, actor: Actor, class_id: UUID, permission: Permission) -> Standing:
    """The class for somebody who changes things in it: a teacher of it, or who oversees it. It must not be archived."""
    found = await standing(session, actor, class_id, permission)
    found.must_grade()
    found.must_be_open()
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """A condition on classes: those that the actor is something to."""
    return or_(staffed(actor), exists().where(col(Enrolment.class_id) == col(SchoolClass.id), learned(actor.user_id)))


def staffed(actor: Actor) -> ColumnElement[bool]:
    """A condition on classes: those that the actor teaches, helps in or oversees."""
    if actor.is_system or actor.may(Permission.classes_oversee):
        return true()
    of_department = (
        col(SchoolClass.department_id) == actor.department_id
        if actor.department_id and actor.could(Permission.classes_oversee)
        else false()
    )
    return or_(
        of_department,
        exists().where(col(ClassStaff.class_id) == col(SchoolClass.id), *_current_staff(actor.user)),
    )


def learned(user_id: UUID | None) -> ColumnElement[bool]:
    """A condition on enrolments: somebody's own and those of their children, as long as they were not withdrawn."""
    student = col(Enrolment.student_id)
    theirs = or_(student == user_id, student.in_(children_of(user_id))) if user_id else false()
    return and_(col(Enrolment.status) != Enrolled.withdrawn, theirs)


def children_of(user_id: UUID):  # type: ignore[no-untyped-def]  # a subquery, whose type says nothing
    """The ids of those whose guardian somebody is."""
    return select(col(Guardianship.student_id)).where(
        col(Guardianship.guardian_id) == user_id, col(Guardianship.ended_at).is_(None)
    )


def _current_staff(user_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return col(ClassStaff.user_id) == user_id, col(ClassStaff.ended_at).is_(None)


async def _found(
    session: AsyncSession, actor: Actor, class_id: UUID
) -> tuple[SchoolClass | None, str | None, frozenset[UUID]]:
    """The class, the actor's role in it, and of themselves and their children those who are or were in it: whoever was
    withdrawn is in it no more. One question, for nothing is asked more often."""
    role = select(col(ClassStaff.role)).where(col(ClassStaff.class_id) == class_id, *_current_staff(actor.user_id))
    enrolled = select(col(Enrolment.student_id)).where(col(Enrolment.class_id) == class_id, learned(actor.user_id))
    query = select(SchoolClass, role.scalar_subquery(), func.array(enrolled.scalar_subquery()))
    row = (await session.execute(query.where(col(SchoolClass.id) == class_id))).first()
    return (row[0], row[1], frozenset(row[2])) if row else (None, None, frozenset())


async def relations(session: AsyncSession, user_ids: Collection[UUID]) -> Related:
    """Of each person: the classes they teach, help or learn in, and their children. What rules go by."""
    classes: dict[UUID, set[UUID]] = {id: set() for id in user_ids}
    children: dict[UUID, set[UUID]] = {id: set() for id in user_ids}
    staff = select(col(ClassStaff.user_id), col(ClassStaff.class_id)).where(
        col(ClassStaff.user_id).in_(user_ids), col(ClassStaff.ended_at).is_(None)
    )
    learning = select(col(Enrolment.student_id), col(Enrolment.class_id)).where(
        col(Enrolment.student_id).in_(user_ids), col(Enrolment.status) == Enrolled.active
    )
    for query in (staff, learning):
        for user_id, class_id in await session.execute(query):
            classes[user_id].add(class_id)
    guarded = select(col(Guardianship.guardian_id), col(Guardianship.student_id)).where(
        col(Guardianship.guardian_id).in_(user_ids), col(Guardianship.ended_at).is_(None)
    )
    for guardian_id, student_id in await session.execute(guarded):
        children[guardian_id].add(student_id)
    return {id: (frozenset(classes[id]), frozenset(children[id])) for id in user_ids}


RELATIONS.append(relations)
