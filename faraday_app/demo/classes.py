"""The classes of the demo school: who teaches, who learns in which section, and whose children they are."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.models import Enrolled, StaffRole
from faraday_app.classes.service import classes, enrolments, guardians, periods, sections, staff, terms
from faraday_app.classes.service.classes import ClassDraft
from faraday_app.classes.service.periods import PeriodDraft
from faraday_app.classes.service.terms import TermDraft
from faraday_app.core.clock import now
from faraday_app.demo.people import STUDENTS, School, families

BIOLOGY, HISTORY, LAST = "Biology 9B", "History 9A", "Biology 8B"
MOTHERS = {"Leyla", "Sofia", "Marta", "Ngozi", "Petra", "Yuki", "Orla", "Lena", "Claire", "Huda", "Zara", "Mei",
           "Helena", "Amara", "Joana"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """The terms around today."""

    autumn: UUID
    spring: UUID
    first_quarter: UUID
    second_quarter: UUID


async def make(session: AsyncSession, school: School) -> Year:
    year = await _year(session, school)
    await _biology(session, school, year)
    await _history(session, school, year)
    await _last_term(session, school, year)
    await _guardians(session, school)
    return year


async def _year(session: AsyncSession, school: School) -> Year:
    """Two quarters: the first is over, the second began a week ago."""
    jonas, today = school.person("Jonas Prie"), now().date()
    spring = await terms.make(session, jonas, TermDraft("Spring term", _before(today, 300), _before(today, 150)))
    autumn = await terms.make(session, jonas, TermDraft("Autumn term", _before(today, 80), _after(today, 50)))
    first = PeriodDraft("First quarter", _before(today, 80), _before(today, 8), Decimal(50))
    second = PeriodDraft("Second quarter", _before(today, 7), _after(today, 50), Decimal(50))
    made = [await periods.add(session, jonas, autumn.id, draft) for draft in (first, second)]
    return Year(autumn.id, spring.id, made[0].id, made[1].id)


async def _biology(session: AsyncSession, school: School, year: Year) -> None:
    maya = school.person("Maya Okafor")
    draft = ClassDraft(year.autumn, BIOLOGY, "Biology", "BIO-9B", "Lab 2", maya.department_id)
    biology = await classes.make(session, maya, draft)
    await staff.add(session, maya, biology.id, school.named(["Ana Ruiz"]), StaffRole.teacher)
    await staff.add(session, maya, biology.id, school.named(["Sara Byrne"]), StaffRole.aide)
    half = len(STUDENTS) // 2
    for name, students in (("Monday lab", STUDENTS[:half]), ("Thursday lab", STUDENTS[half:])):
        section = await sections.add(session, maya, biology.id, name)
        await enrolments.enrol(session, maya, biology.id, school.named(students), section.id)


async def _history(session: AsyncSession, school: School, year: Year) -> None:
    daniel = school.person("Daniel Weiss")
    draft = ClassDraft(year.autumn, HISTORY, "History", "HIS-9A", "Room 14", daniel.department_id)
    history = await classes.make(session, daniel, draft)
    await enrolments.enrol(session, daniel, history.id, school.named(STUDENTS[::2]))


async def _last_term(session: AsyncSession, school: School, year: Year) -> None:
    """Over: all have completed it but one, who left."""
    maya = school.person("Maya Okafor")
    draft = ClassDraft(year.spring, LAST, "Biology", "BIO-8B", "Lab 2", maya.department_id)
    last = await classes.make(session, maya, draft)
    students = school.named(STUDENTS[:16])
    await enrolments.enrol(session, maya, last.id, students)
    await enrolments.set_status(session, maya, last.id, students[-1:], Enrolled.withdrawn)
    await enrolments.set_status(session, maya, last.id, students[:-1], Enrolled.completed)
    await classes.archive(session, maya, last.id)


async def _guardians(session: AsyncSession, school: School) -> None:
    """Nadir and Leyla Kaya are the parents of both Kayas."""
    jonas = school.person("Jonas Prie")
    linked = [*families(), ("Nadir Kaya", "Emre Kaya"), ("Leyla Kaya", "Elif Kaya")]
    for parent, child in linked:
        relationship = "Mother" if parent.split()[0] in MOTHERS else "Father"
        guardian, student = school.person(parent).user, school.person(child).user
        await guardians.link(session, jonas, guardian, student, relationship)


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)
