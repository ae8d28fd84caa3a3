"""Students are told of work that is published."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolled, Enrolment, SchoolClass
from faraday_app.core.notices import Notice, tell
from faraday_app.coursework.models import Assignment
from faraday_app.coursework.service import dates


async def tell_of(session: AsyncSession, work: Assignment) -> None:
    """Each student whom it is for, once it is published."""
    enrolled = await session.scalars(
        select(col(Enrolment.student_id)).where(
            col(Enrolment.class_id) == work.class_id, col(Enrolment.status) == Enrolled.active
        )
    )
    of_it = await dates.of_one(session, work)
    students = tuple(student for student in enrolled if of_it.of(student) is not None)
    name = await session.scalar(select(col(SchoolClass.name)).where(col(SchoolClass.id) == work.class_id))
    notice = Notice(
        work.organization_id,
        students,
        "assignment.published",
        f"New in {name}: {work.title}",
        link=f"/assignment?id={work.id}",
    )
    await tell(session, notice)
