"""Bringing in a large school: ten thousand people and thirty thousand enrolments in one package; and a gradebook of
thirty classes, with seventeen thousand results."""

import asyncio
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

from benchmarks.figures import Figure
from benchmarks.served import Served
from faraday_app.classes.oneroster import (
    AcademicSession,
    Category,
    Course,
    Enrollment,
    File,
    LineItem,
    Mode,
    Org,
    Package,
    Person,
    Result,
    RosterClass,
    Version,
    write,
)
from faraday_app.classes.service import rosters
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.gradebook import service as gradebook
from faraday_app.organizations.service import create_organization

PEOPLE = 10_000
EACH = 3  # classes of each person
SIZE = 30  # people of a class
WITHIN = 60.0  # seconds
assert gradebook  # which takes its files from a package
WORK = 20  # pieces of it in each class whose grades come too
GRADED_PEOPLE, GRADED_WITHIN = 300, 60.0  # thirty classes
AUTUMN = date(2026, 8, 1), date(2027, 1, 1)


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Into schools of their own, against the instance's PostgreSQL, from this process."""
    return [*await _people(quick), *await _grades(quick)]


async def _people(quick: bool) -> list[Figure]:
    people = PEOPLE // 10 if quick else PEOPLE
    actor = await _school("Large School")
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


async def _grades(quick: bool) -> list[Figure]:
    people = GRADED_PEOPLE // 10 if quick else GRADED_PEOPLE
    actor = await _school("School with Grades")
    whole = graded(package(people))
    data, other = await asyncio.to_thread(write, whole), await asyncio.to_thread(write, _regraded(whole))
    seconds = []
    for each in (data, other):
        begun = time.perf_counter()
        found = await rosters.check(actor, "grades.zip", each)
        looked = time.perf_counter()
        await rosters.apply(actor, found.id, found.digest, rosters.Confirmed())
        seconds += [looked - begun, time.perf_counter() - looked]
    what = f"{len(whole.line_items):,} line items, {len(whole.results):,} results in {len(whole.classes)} classes"
    target = GRADED_WITHIN * people / GRADED_PEOPLE
    return [
        Figure("gradebook looked at", "s", seconds[0], note=what),
        Figure("gradebook applied", "s", seconds[1], target=target, note="through the ledger, with new totals"),
        Figure("other grades looked at", "s", seconds[2], note="each result has another score"),
        Figure("other grades applied", "s", seconds[3], target=target, note="through the ledger, with new totals"),
    ]


async def _school(name: str) -> Actor:
    async with transaction(Actor.system()) as session:
        school = await create_organization(session, Actor.system(), name)
    return Actor.system(school.id)


def graded(whole: Package) -> Package:
    """With work in each class, and a result of every student in it."""
    begins = AUTUMN[0]
    line_items = tuple(
        LineItem(
            sourced_id=f"{each.sourced_id}-{n}",
            title=f"Quiz {n}",
            class_id=each.sourced_id,
            category_id="quizzes",
            session_id="s",
            assigned=begins,
            due=begins.replace(day=n + 1),
            minimum=Decimal(0),
            maximum=Decimal(100),
        )
        for each in whole.classes
        for n in range(WORK)
    )
    results = tuple(
        Result(
            sourced_id=f"r-{each.sourced_id}-{n}",
            line_item_id=f"{each.class_id}-{n}",
            student_id=each.user_id,
            score_status="fully graded",
            scored=begins,
            score=Decimal(n * 37 % 101),
        )
        for each in whole.enrollments
        for n in range(WORK)
        if each.role == "student"
    )
    files = (File.categories, File.line_items, File.results)
    return replace(
        whole,
        modes={**whole.modes, **dict.fromkeys(files, Mode.bulk)},
        categories=(Category(sourced_id="quizzes", title="Quizzes"),),
        line_items=line_items,
        results=results,
    )


def _regraded(whole: Package) -> Package:
    return replace(whole, results=tuple(replace(each, score=(each.score or 0) + 1) for each in whole.results))


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
