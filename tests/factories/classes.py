"""Classes with people in them, and work for them, as rows."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from faraday_app.classes.models import ClassStaff, Enrolment, Guardianship, SchoolClass, StaffRole, Term
from faraday_app.classes.service import guardians, periods, roster, sections
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor, Role
from faraday_app.coursework.models import Assignment, AssignmentGroup, AssignmentStatus, Submission
from faraday_app.organizations.models import Organization
from tests.factories.people import Cast, make_people


@dataclass(frozen=True)
class Classroom:
    """Biology 9B of Maya Okafor, whom Sara Byrne helps: Elif Kaya, her brother Emre and Amina Haddad learn in it.

    Nadir Kaya is the parent of both Kayas, Karim Haddad of Amina.
    """

    cast: Cast
    id: UUID
    term_id: UUID
    elif_: Actor
    emre: Actor
    amina: Actor
    nadir: Actor
    karim: Actor

    @property
    def teacher(self) -> Actor:
        return self.cast.teacher

    @property
    def students(self) -> list[Actor]:
        return [self.elif_, self.emre, self.amina]


async def make_classroom(cast: Cast) -> Classroom:
    school = cast.organization_id
    today = now().date()
    term = Term(
        organization_id=school,
        name="Autumn term",
        starts_on=today - timedelta(days=60),
        ends_on=today + timedelta(days=60),
    )
    biology = SchoolClass(
        organization_id=school,
        term_id=term.id,
        department_id=cast.teacher.department_id,
        name="Biology 9B",
        subject="Biology",
    )
    others = {"Emre Kaya": Role.student, "Amina Haddad": Role.student, "Karim Haddad": Role.parent}
    async with transaction(Actor.system(school)) as session:
        organization = await session.get_one(Organization, school)
        emre, amina, karim = await make_people(session, organization, others)
        made = Classroom(cast, biology.id, term.id, cast.student, emre, amina, cast.parent, karim)
        session.add(term)
        await session.flush()
        session.add(biology)
        await session.flush()
        session.add_all(
            [
                *(
                    ClassStaff(organization_id=school, class_id=biology.id, user_id=each.user, role=role)
                    for each, role in ((cast.teacher, StaffRole.teacher), (cast.aide, StaffRole.aide))
                ),
                *(
                    Enrolment(organization_id=school, class_id=biology.id, student_id=each.user)
                    for each in made.students
                ),
                *(
                    Guardianship(organization_id=school, guardian_id=guardian.user, student_id=child.user)
                    for guardian, child in ((made.nadir, made.elif_), (made.nadir, emre), (karim, amina))
                ),
            ]
        )
    return made


async def make_ids(cast: Cast) -> dict[str, str]:
    """A class with a section and a grading period: the ids of its parts, by the names they have in paths."""
    classroom, jonas = await make_classroom(cast), cast.administrator
    async with transaction(jonas) as session:
        term = await session.get_one(Term, classroom.term_id)
        draft = periods.PeriodDraft("First quarter", term.starts_on, now().date())
        period = await periods.add(session, jonas, term.id, draft)
        section = await sections.add(session, jonas, classroom.id, "Monday lab")
        place = (await roster.listed(session, jonas, classroom.id, roster.RosterFilter()))[0]
        link = (await guardians.listed(session, jonas))[0]
    return {
        "term_id": str(term.id),
        "period_id": str(period.id),
        "class_id": str(classroom.id),
        "section_id": str(section.id),
        "enrolment_id": str(place.id),
        "guardianship_id": str(link.id),
    }


async def make_group(classroom: Classroom, name: str = "Quizzes", **more: Any) -> AssignmentGroup:
    group = AssignmentGroup(organization_id=classroom.cast.organization_id, class_id=classroom.id, name=name, **more)
    async with transaction(Actor.system(classroom.cast.organization_id)) as session:
        session.add(group)
    return group


async def make_assignment(
    classroom: Classroom, group: AssignmentGroup, title: str = "Cell quiz", points: Any = 20, **more: Any
) -> Assignment:
    """Published, unless it says otherwise."""
    fields = {"status": AssignmentStatus.published, "submission_types": ["text"], **more}
    work = Assignment(
        organization_id=classroom.cast.organization_id,
        class_id=classroom.id,
        group_id=group.id,
        title=title,
        points=None if points is None else Decimal(str(points)),
        created_by=classroom.teacher.user,
        **fields,
    )
    async with transaction(Actor.system(classroom.cast.organization_id)) as session:
        session.add(work)
    return work


async def make_submission(work: Assignment, student: Actor, **more: Any) -> Submission:
    """Handed in now, unless it says otherwise."""
    fields = {"submitted_at": now(), "due_at": work.due_at, "receipt": "0" * 64, **more}
    submission = Submission(
        organization_id=work.organization_id, assignment_id=work.id, student_id=student.user, **fields
    )
    async with transaction(Actor.system(work.organization_id)) as session:
        session.add(submission)
    return submission
