"""What is here as records of OneRoster, under the ids that the school's own system has for it."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import (
    ClassStaff,
    Enrolled,
    Enrolment,
    GradingPeriod,
    Guardianship,
    RosterRecord,
    SchoolClass,
    Term,
)
from faraday_app.classes.oneroster import AcademicSession, Course, Enrollment, File, Org, Person, Record, RosterClass
from faraday_app.classes.oneroster import Role as RoleRow
from faraday_app.classes.service.rosters.stored import KEPT_FILES, restored
from faraday_app.classes.service.rosters.words import NO_ADDRESS, name_of
from faraday_app.core.permissions import Role
from faraday_app.organizations.models import Membership, Organization

WORDS = {
    Role.administrator: ("administrator", "siteAdministrator"),
    Role.head: ("teacher", "teacher"),
    Role.teacher: ("teacher", "teacher"),
    Role.aide: ("aide", "aide"),
    Role.student: ("student", "student"),
    Role.parent: ("parent", "parent"),
}
NEW_SCHOOL_YEAR = 8  # the month in which the next one begins


@dataclass(slots=True)
class Picture:
    """``ids`` are by file and by our id; ``records`` by file and theirs. ``school`` is whose all of it is."""

    organization_id: UUID
    school: str = ""
    ids: dict[File, dict[UUID, str]] = field(default_factory=lambda: defaultdict(dict))
    known: dict[File, dict[str, Record]] = field(default_factory=lambda: defaultdict(dict))
    records: dict[File, dict[str, Record]] = field(default_factory=lambda: defaultdict(dict))
    sessions_of: dict[UUID, list[tuple[date, date, str]]] = field(default_factory=lambda: defaultdict(list))

    def id_of(self, file: File, id: UUID) -> str:
        return self.ids[file].get(id, str(id))

    def has(self, file: File, id: UUID) -> bool:
        return self.id_of(file, id) in self.records[file]

    def add(self, file: File, record: Record) -> None:
        self.records[file].setdefault(record.sourced_id, record)

    def session_of(self, term_id: UUID, on: date) -> str:
        """The grading period of a term that a day lies in, else the term."""
        within = [id for begins, ends, id in self.sessions_of[term_id] if begins <= on <= ends]
        return within[0] if within else self.id_of(File.academic_sessions, term_id)


# The gradebook adds its files to what is exported.
GRADED: list[Callable[[AsyncSession, Picture], Awaitable[None]]] = []


async def picture(session: AsyncSession, organization_id: UUID) -> Picture:
    found = Picture(organization_id)
    await _known(session, found)
    await _schools(session, found)
    classes = await _classes(session, found)
    await _terms(session, found, {each.term_id for each in classes})
    guardians = await _people(session, found)
    await _enrolments(session, found)
    _name_agents(found, guardians)
    for add in GRADED:
        await add(session, found)
    return found


async def _known(session: AsyncSession, found: Picture) -> None:
    """From the newest source last, so that it has the word."""
    query = select(RosterRecord).where(
        col(RosterRecord.organization_id) == found.organization_id, col(RosterRecord.active).is_(True)
    )
    names = {file.value: file for file in KEPT_FILES}
    for row in await session.scalars(query.order_by(col(RosterRecord.id))):
        if file := names.get(row.file):
            found.known[file][row.sourced_id] = restored(file, row.sourced_id, row.fields)
            if row.record_id:
                found.ids[file].setdefault(row.record_id, row.sourced_id)


async def _schools(session: AsyncSession, found: Picture) -> None:
    for org in found.known[File.orgs].values():
        found.add(File.orgs, org)
    schools = [each for each in found.records[File.orgs].values() if isinstance(each, Org) and each.type == "school"]
    if schools:
        found.school = schools[0].sourced_id
        return
    organization = await session.get_one(Organization, found.organization_id)
    found.school = str(organization.id)
    found.add(File.orgs, Org(sourced_id=found.school, name=organization.name, type="school"))


async def _classes(session: AsyncSession, found: Picture) -> list[SchoolClass]:
    query = select(SchoolClass).where(
        col(SchoolClass.organization_id) == found.organization_id, col(SchoolClass.archived_at).is_(None)
    )
    classes = list(await session.scalars(query.order_by(col(SchoolClass.id))))
    for each in classes:
        id = found.id_of(File.classes, each.id)
        known = found.known[File.classes].get(id)
        found.add(
            File.classes,
            RosterClass(
                sourced_id=id,
                title=each.name,
                type=(known.type if isinstance(known, RosterClass) else "") or "scheduled",
                course_id=_course(found, each, known),
                school_id=found.school,
                term_ids=(found.id_of(File.academic_sessions, each.term_id),),
                code=each.code,
                location=each.room,
                grades=known.grades if isinstance(known, RosterClass) else (),
                subjects=(each.subject,) if each.subject else (),
                periods=known.periods if isinstance(known, RosterClass) else (),
            ),
        )
    return classes


def _course(found: Picture, school_class: SchoolClass, known: Record | None) -> str:
    """The course that the source has for it, or one of its own: the format wants one."""
    if isinstance(known, RosterClass) and (course := found.known[File.courses].get(known.course_id)):
        assert isinstance(course, Course)
        found.add(File.courses, Course(sourced_id=course.sourced_id, title=course.title, org_id=found.school,
                                       code=course.code, grades=course.grades, subjects=course.subjects))  # fmt: skip
        return course.sourced_id
    id = f"course-{school_class.id}"
    found.add(File.courses, Course(sourced_id=id, title=school_class.subject or school_class.name, org_id=found.school))
    return id


async def _terms(session: AsyncSession, found: Picture, used: set[UUID]) -> None:
    ours = col(Term.organization_id) == found.organization_id
    for term in await session.scalars(select(Term).where(ours).order_by(col(Term.starts_on))):
        if term.deleted_at is None or term.id in used:
            _add_session(found, term, "term", None)
    periods = select(GradingPeriod).where(
        col(GradingPeriod.organization_id) == found.organization_id, col(GradingPeriod.deleted_at).is_(None)
    )
    for period in await session.scalars(periods.order_by(col(GradingPeriod.starts_on))):
        if found.has(File.academic_sessions, period.term_id):
            _add_session(found, period, "gradingPeriod", found.id_of(File.academic_sessions, period.term_id))
            days = period.starts_on, period.ends_on
            found.sessions_of[period.term_id].append((*days, found.id_of(File.academic_sessions, period.id)))


def _add_session(found: Picture, ours: Term | GradingPeriod, kind: str, parent: str | None) -> None:
    id = found.id_of(File.academic_sessions, ours.id)
    known = found.known[File.academic_sessions].get(id)
    year = ours.ends_on.year + (ours.ends_on.month >= NEW_SCHOOL_YEAR)
    found.add(
        File.academic_sessions,
        AcademicSession(
            sourced_id=id,
            title=ours.name,
            type=(known.type if isinstance(known, AcademicSession) else "") or kind,
            begins=ours.starts_on,
            ends=ours.ends_on + timedelta(days=1),
            school_year=(known.school_year if isinstance(known, AcademicSession) else 0) or year,
            parent_id=parent,
        ),
    )


async def _people(session: AsyncSession, found: Picture) -> Mapping[UUID, list[UUID]]:
    query = (
        select(col(User.id), col(User.name), col(User.email), col(Membership.role))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.organization_id) == found.organization_id, col(Membership.deactivated_at).is_(None))
    )
    for user_id, name, email, role in await session.execute(query.order_by(col(User.id))):
        _add_person(found, user_id, name, "" if email.endswith(NO_ADDRESS) else email, Role(role))
    guardians: dict[UUID, list[UUID]] = defaultdict(list)
    links = select(col(Guardianship.student_id), col(Guardianship.guardian_id)).where(
        col(Guardianship.organization_id) == found.organization_id, col(Guardianship.ended_at).is_(None)
    )
    for student_id, guardian_id in await session.execute(links.order_by(col(Guardianship.id))):
        if found.has(File.users, student_id) and found.has(File.users, guardian_id):
            guardians[student_id].append(guardian_id)
            guardians[guardian_id].append(student_id)
    return guardians


def _add_person(found: Picture, user_id: UUID, name: str, email: str, role: Role) -> None:
    id = found.id_of(File.users, user_id)
    known = found.known[File.users].get(id)
    person = known if isinstance(known, Person) else None
    given, family = (person.given_name, person.family_name) if person and name_of(person) == name else _parted(name)
    in_1_1, in_1_2 = WORDS[role]
    found.add(
        File.users,
        Person(
            sourced_id=id,
            enabled=True,
            username=(person.username if person else email) or id,
            given_name=given,
            family_name=family,
            role=in_1_1,
            org_ids=(found.school,),
            user_ids=person.user_ids if person else (),
            identifier=person.identifier if person else "",
            email=email,
            grades=person.grades if person else (),
            primary_org_id=found.school,
        ),
    )
    row = RoleRow(sourced_id=f"role-{user_id}", user_id=id, role=in_1_2, role_type="primary", org_id=found.school)
    found.add(File.roles, row)


def _parted(name: str) -> tuple[str, str]:
    """The format wants two names of everybody."""
    given, _, family = name.strip().rpartition(" ")
    return (given, family) if given else (family or "–", "–")


def _name_agents(found: Picture, guardians: Mapping[UUID, list[UUID]]) -> None:
    people = found.records[File.users]
    for user_id, others in guardians.items():
        person = people[found.id_of(File.users, user_id)]
        assert isinstance(person, Person)
        people[person.sourced_id] = replace(person, agent_ids=tuple(found.id_of(File.users, each) for each in others))


async def _enrolments(session: AsyncSession, found: Picture) -> None:
    learning = select(col(Enrolment.id), col(Enrolment.class_id), col(Enrolment.student_id)).where(
        col(Enrolment.organization_id) == found.organization_id, col(Enrolment.status) == Enrolled.active
    )
    for id, class_id, user_id in await session.execute(learning.order_by(col(Enrolment.id))):
        _add_enrolment(found, id, class_id, user_id, "student")
    staff = select(col(ClassStaff.id), col(ClassStaff.class_id), col(ClassStaff.user_id), col(ClassStaff.role)).where(
        col(ClassStaff.organization_id) == found.organization_id, col(ClassStaff.ended_at).is_(None)
    )
    for id, class_id, user_id, role in await session.execute(staff.order_by(col(ClassStaff.id))):
        _add_enrolment(found, id, class_id, user_id, role)


def _add_enrolment(found: Picture, id: UUID, class_id: UUID, user_id: UUID, role: str) -> None:
    if found.has(File.classes, class_id) and found.has(File.users, user_id):
        found.add(
            File.enrollments,
            Enrollment(
                sourced_id=found.id_of(File.enrollments, id),
                class_id=found.id_of(File.classes, class_id),
                school_id=found.school,
                user_id=found.id_of(File.users, user_id),
                role=role,
            ),
        )
