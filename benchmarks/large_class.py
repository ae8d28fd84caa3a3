"""A class as large as they come: its people and work as rows, its rules and grades through the services."""

import asyncio
import os
import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.accounts.models import User
from faraday_app.accounts.service import NO_PASSWORD
from faraday_app.classes.models import ClassStaff, Enrolment, SchoolClass, StaffRole, Term
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.coursework.models import Assignment, AssignmentStatus
from faraday_app.coursework.service import groups
from faraday_app.coursework.service.groups import GroupDraft
from faraday_app.gradebook.service import ledger, ruling
from faraday_app.gradebook.service.ledger import Change
from faraday_app.gradebook.service.policies import usual
from faraday_app.organizations.models import Membership

STUDENTS, WORK, GROUPS = 200, 100, 5
POINTS = (10, 20, 25, 50, 100)
UNGRADED = 0.1
TERM = "Year of the large class"


@dataclass(frozen=True, slots=True)
class LargeClass:
    id: UUID
    students: list[UUID]
    work: list[UUID]


async def make(teacher: Actor, colleague: UUID) -> LargeClass:
    """Of these two teachers. Each group drops 2 low and 1 high; a tenth is ungraded, scores have two decimals."""
    chance, school = random.Random(200), teacher.organization
    async with transaction(Actor.system(school)) as session:
        class_id = await _class(session, teacher, colleague)
        students = await _students(session, school, class_id)
    async with transaction(teacher) as session:
        work = await _work(session, teacher, class_id)
        await ruling.set_policy(session, teacher, class_id, usual(weighted=True, late_percent=10))
    changes = [
        Change(id, student, str(Decimal(chance.randrange(points * 100)) / 100))
        for id, points in work
        for student in students
        if chance.random() > UNGRADED
    ]
    async with transaction(teacher) as session:
        await ledger.enter(session, teacher, class_id, changes)
    await asyncio.to_thread(_analyze)
    return LargeClass(class_id, students, [id for id, _ in work])


def _analyze() -> None:
    """What PostgreSQL does by itself within a minute."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"].replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("analyze")


async def _class(session: AsyncSession, teacher: Actor, colleague: UUID) -> UUID:
    school, today = teacher.organization, now().date()
    term = Term(
        organization_id=school,
        name=TERM,
        starts_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=100),
    )
    session.add(term)
    await session.flush()
    large = SchoolClass(
        organization_id=school,
        term_id=term.id,
        department_id=teacher.department_id,
        name="Introduction to Biology",
        subject="Biology",
    )
    session.add(large)
    await session.flush()
    session.add_all(
        ClassStaff(organization_id=school, class_id=large.id, user_id=each, role=StaffRole.teacher)
        for each in (teacher.user, colleague)
    )
    return large.id


async def _students(session: AsyncSession, school: UUID, class_id: UUID) -> list[UUID]:
    """They never sign in."""
    users = [
        User(name=f"Student {n + 1:03}", email=f"{new_id().hex}@large.example", password_hash=NO_PASSWORD)
        for n in range(STUDENTS)
    ]
    session.add_all(users)
    await session.flush()
    session.add_all(Membership(organization_id=school, user_id=user.id, role=Role.student) for user in users)
    session.add_all(Enrolment(organization_id=school, class_id=class_id, student_id=user.id) for user in users)
    return [user.id for user in users]


async def _work(session: AsyncSession, teacher: Actor, class_id: UUID) -> list[tuple[UUID, int]]:
    """Published, on paper; each with its points."""
    found = []
    for number in range(GROUPS):
        draft = GroupDraft(f"Part {number + 1}", Decimal(100 // GROUPS), drop_lowest=2, drop_highest=1)
        group = await groups.make(session, teacher, class_id, draft)
        for place in range(WORK // GROUPS):
            points = POINTS[(number + place) % len(POINTS)]
            work = Assignment(
                organization_id=teacher.organization,
                class_id=class_id,
                group_id=group.id,
                title=f"Quiz {number + 1}.{place + 1}",
                points=Decimal(points),
                submission_types=["paper"],
                status=AssignmentStatus.published,
                position=place,
                due_at=now() - timedelta(days=WORK - number * (WORK // GROUPS) - place),
                created_by=teacher.user,
            )
            session.add(work)
            found.append((work.id, points))
    return found
