"""The demo school, made by all its domains and undone again."""

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from faraday_app import demo
from faraday_app.accounts.models import User
from faraday_app.accounts.service import people
from faraday_app.classes.models import ClassStaff, Enrolment, Guardianship, SchoolClass
from faraday_app.classes.service.access import standing
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.service import overview, peers
from faraday_app.demo.likeness import OWN
from faraday_app.demo.people import STUDENTS
from faraday_app.demo.rubrics import WORK


class _Undone(Exception):
    """So that other tests do not meet a second administrator of the installation."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Sixty passwords would take seconds to hash."""

    async def hashed(password: str) -> str:
        return f"not {len(password)}"

    monkeypatch.setattr(people, "hashed", hashed)


class TestMake:
    async def test_gives_the_school_its_classes_and_families(self):
        with pytest.raises(_Undone):
            await _make_and_undo()


async def _make_and_undo() -> None:
    async with transaction(Actor.system()) as session:
        school = await demo.make(session)
        assert len(school.accounts) == 60
        await _check_classes(session, school)
        await _check_families(session, school)
        await _check_work(session, school)
        await _check_reviews(session, school)
        raise _Undone


async def _check_classes(session, school) -> None:
    rows = await session.execute(
        select(col(SchoolClass.name), col(Enrolment.status), func.count())
        .join(Enrolment, col(Enrolment.class_id) == col(SchoolClass.id))
        .where(col(SchoolClass.organization_id) == school.faraday.organization)
        .group_by(col(SchoolClass.name), col(Enrolment.status))
    )
    assert {(name, status): count for name, status, count in rows} == {
        ("Biology 9B", "active"): 24,
        ("History 9A", "active"): 12,
        ("Biology 8B", "completed"): 15,
        ("Biology 8B", "withdrawn"): 1,
    }
    biology = await session.scalar(
        select(col(SchoolClass.id)).where(
            col(SchoolClass.name) == "Biology 9B", col(SchoolClass.organization_id) == school.faraday.organization
        )
    )
    staff = await session.execute(
        select(col(User.name), col(ClassStaff.role))
        .join(User, col(User.id) == col(ClassStaff.user_id))
        .where(col(ClassStaff.class_id) == biology)
    )
    assert dict(staff.all()) == {"Maya Okafor": "teacher", "Ana Ruiz": "teacher", "Sara Byrne": "aide"}
    kayas = set(school.named(["Elif Kaya", "Emre Kaya"]))
    for parent in ("Nadir Kaya", "Leyla Kaya"):
        assert (await standing(session, school.person(parent), biology)).enrolled == kayas
    assert (await standing(session, school.person("Karim Haddad"), biology)).enrolled == {
        school.person("Amina Haddad").user
    }


async def _check_work(session, school) -> None:
    """Most of it is handed in, one lab late, one quiz missing, and the next essay is still to come."""
    states = {}
    for name in ("Elif Kaya", "Ben Carter", "Hugo Weber"):
        student = school.person(name)
        for each in await overview.due_for(session, student, student.user):
            if each.class_name == "Biology 9B":
                states.setdefault(each.work.title, []).append(str(each.state))
    assert states["Enzyme lab"] == ["on_time", "late", "on_time"]
    assert states["Genetics quiz"] == ["on_time", "on_time", "missing"]
    assert states["Evolution essay"] == states["Poster"] == ["todo"] * 3


async def _check_families(session, school) -> None:
    query = select(func.count(), func.count(col(Guardianship.guardian_id).distinct())).where(
        col(Guardianship.organization_id) == school.faraday.organization
    )
    assert (await session.execute(query)).one() == (32, 30)


class TestLikeness:
    def test_leaves_one_pair_to_be_found(self):
        """Two texts alike, and the others of all of the class written alone."""
        alone = {**{name: text for (_, name), text in OWN.items()}, **{name: each.text for name, each in WORK.items()}}
        assert alone.keys() == set(STUDENTS)
        assert len(set(alone.values())) == len(STUDENTS)


async def _check_reviews(session, school) -> None:
    """The student has one to write and one sent; their teacher finds all but two of them sent."""
    elif_, daniel = school.person("Elif Kaya"), school.person("Daniel Weiss")
    tasks = await peers.due_for(session, elif_, elif_.user)
    assert sorted(each.state for each in tasks) == ["sent", "todo"]
    found = await peers.overview(session, daniel, tasks[0].work.id)
    assert Counter(each.state for each in found.given) == {"sent": 22, "todo": 1, "begun": 1}
    assert found.unreviewed == []
