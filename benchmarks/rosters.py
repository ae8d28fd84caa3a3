"""Bringing in a large school: ten thousand people and thirty thousand enrolments in one package."""

import asyncio
import time
from datetime import date

from benchmarks.figures import Figure
from benchmarks.served import Served
from faraday_app.classes.oneroster import (
    AcademicSession,
    Course,
    Enrollment,
    File,
    Mode,
    Org,
    Package,
    Person,
    RosterClass,
    Version,
    write,
)
from faraday_app.classes.service import rosters
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import create_organization

PEOPLE = 10_000
EACH = 3  # classes of each person
SIZE = 30  # people of a class
WITHIN = 60.0  # seconds
AUTUMN = date(2026, 8, 1), date(2027, 1, 1)


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Into a school of its own, against the instance's PostgreSQL, from this process."""
    people = PEOPLE // 10 if quick else PEOPLE
    async with transaction(Actor.system()) as session:
        school = await create_organization(session, Actor.system(), "Large School")
    actor = Actor.system(school.id)
    data = await asyncio.to_thread(write, package(people))
    begun = time.perf_counter()
    found = await rosters.check(actor, "large.zip", data)
    looked = time.perf_counter()
    await rosters.apply(actor, found.id, found.digest, rosters.Confirmed())
    applied = time.perf_counter()
    again = await rosters.check(actor, "large.zip", data)
    known = time.perf_counter()
    await rosters.discard(actor, again.id)
    what = f"{people:,} people, {people * EACH:,} enrolments"
    target = WITHIN * people / PEOPLE
    return [
        Figure("roster looked at", "s", looked - begun, note=f"{what}: read, compared, each row kept"),
        Figure("roster applied", "s", applied - looked, target=target, note="read and compared anew, one transaction"),
        Figure("the same roster again", "s", known - applied, note="nothing has changed"),
    ]


def package(people: int) -> Package:
    """Every twentieth teaches."""
    classes = max(1, people * EACH // SIZE)
    files = (File.orgs, File.academic_sessions, File.courses, File.classes, File.users, File.enrollments)
    begins, ends = AUTUMN
    return Package(
        Version.v1_1,
        dict.fromkeys(files, Mode.bulk),
        "Large School SIS",
        orgs=(Org(sourced_id="o", name="Large School", type="school"),),
        academic_sessions=(
            AcademicSession(
                sourced_id="s", title="Autumn", type="term", begins=begins, ends=ends, school_year=ends.year
            ),
        ),
        courses=(Course(sourced_id="c", title="Biology", org_id="o"),),
        classes=tuple(
            RosterClass(
                sourced_id=f"k{n}",
                title=f"Biology {n}",
                type="scheduled",
                course_id="c",
                school_id="o",
                term_ids=("s",),
            )
            for n in range(classes)
        ),
        users=tuple(_person(n) for n in range(people)),
        enrollments=tuple(
            Enrollment(
                sourced_id=f"e{n}-{each}",
                class_id=f"k{(n * EACH + each) % classes}",
                school_id="o",
                user_id=f"u{n}",
                role=_role(n),
            )
            for n in range(people)
            for each in range(EACH)
        ),
    )


def _role(number: int) -> str:
    return "student" if number % 20 else "teacher"


def _person(number: int) -> Person:
    return Person(
        sourced_id=f"u{number}",
        enabled=True,
        username=f"u{number}",
        given_name="Person",
        family_name=f"Number {number}",
        role=_role(number),
        org_ids=("o",),
        email=f"u{number}@large.example",
    )
