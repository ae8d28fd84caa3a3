"""Whom one can add: a few people at a time, by what is typed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import ClassStaff, Enrolled, Enrolment, StaffRole
from faraday_app.classes.service.access import teaching
from faraday_app.classes.service.checking import MAY_TEACH, SCHOOL_STAFF
from faraday_app.classes.service.guardians import WHOEVER_IS_GROWN
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Membership

FEW = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    user_id: UUID
    name: str
    email: str
    role: Role


async def students(session: AsyncSession, actor: Actor, class_id: UUID, text: str, limit: int = FEW) -> list[Candidate]:
    """Students of the school who are not active in the class."""
    await teaching(session, actor, class_id, Permission.classes_manage)
    there = select(col(Enrolment.student_id)).where(
        col(Enrolment.class_id) == class_id, col(Enrolment.status) == Enrolled.active
    )
    return await _found(session, actor, text, limit, (Role.student,), col(User.id).not_in(there))


async def staff(
    session: AsyncSession, actor: Actor, class_id: UUID, text: str, role: StaffRole, limit: int = FEW
) -> list[Candidate]:
    """Who may teach the class, or help in it, and is not of its staff yet."""
    await teaching(session, actor, class_id, Permission.classes_manage)
    there = select(col(ClassStaff.user_id)).where(
        col(ClassStaff.class_id) == class_id, col(ClassStaff.ended_at).is_(None)
    )
    roles = MAY_TEACH if role is StaffRole.teacher else SCHOOL_STAFF
    return await _found(session, actor, text, limit, roles, col(User.id).not_in(there))


async def family(
    session: AsyncSession, actor: Actor, text: str, *, children: bool, limit: int = FEW
) -> list[Candidate]:
    """Students, or whoever can be a guardian of one. Parents come first there."""
    actor.must(Permission.guardians_manage)
    return await _found(session, actor, text, limit, (Role.student,) if children else WHOEVER_IS_GROWN)


async def student(session: AsyncSession, actor: Actor, user_id: UUID) -> Candidate:
    """One student of the school, to be linked with a guardian."""
    actor.must(Permission.guardians_manage)
    found = await _found(session, actor, "", 1, (Role.student,), col(User.id) == user_id)
    if not found:
        raise NotFound("This student is not a member here.")
    return found[0]


async def _found(
    session: AsyncSession,
    actor: Actor,
    text: str,
    limit: int,
    roles: tuple[Role, ...],
    *conditions: ColumnElement[bool],
) -> list[Candidate]:
    query = (
        select(col(User.id), col(User.name), col(User.email), col(Membership.role))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(Membership.organization_id) == actor.organization,
            col(Membership.deactivated_at).is_(None),
            col(Membership.role).in_(roles),
            *conditions,
        )
    )
    if sought := text.replace("\x00", "").strip()[:100]:
        by_name = col(User.name).icontains(sought, autoescape=True)
        query = query.where(or_(by_name, col(User.email).icontains(sought, autoescape=True)))
    order = (col(Membership.role) != Role.parent, col(User.name), col(User.id))
    rows = await session.execute(query.order_by(*order).limit(limit))
    return [Candidate(id, name, email, Role(role)) for id, name, email, role in rows]
