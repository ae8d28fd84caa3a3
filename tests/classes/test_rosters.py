"""A package of a school's own system, against the database."""

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import (
    ClassStaff,
    Enrolment,
    GradingPeriod,
    Guardianship,
    RosterChange,
    RosterRecord,
    SchoolClass,
    Term,
)
from faraday_app.classes.service import rosters
from faraday_app.classes.service.rosters import Confirmed
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.organizations.models import Membership
from tests.factories.classes import make_classroom
from tests.factories.people import email_of
from tests.factories.rosters import SCHOOL, edited, package

USERS = SCHOOL["users"]


def people(*rows: str) -> str:
    return USERS + "".join(f"{row}\n" for row in rows)


def person(
    id: str, role: str, given: str, family: str, email: str = "", agents: str = "", enabled: str = "true"
) -> str:
    return f"{id},,,{enabled},o1,{role},{id},,{given},{family},,,{email},,,{agents},"


async def check(actor, **files):
    modes = files.pop("modes", None)
    return await rosters.check(actor, "school.zip", package(modes=modes, **files))


async def bring(actor, confirmed=None, **files):
    found = await check(actor, **files)
    return await rosters.apply(actor, found.id, found.digest, confirmed or Confirmed())


async def changes(actor, found, **narrowing):
    async with transaction(actor) as session:
        rows = await rosters.changes_of(session, actor, found.id, rosters.Narrowing(**narrowing), 100)
        return [(row.file, row.action, row.sourced_id, row.row, row.label, row.why) for row in rows]


async def all_of(actor, *columns, **by):
    async with transaction(Actor.system(actor.organization)) as session:
        query = select(*columns).where(*(col(getattr(columns[0].class_, name)) == value for name, value in by.items()))
        if hasattr(columns[0].class_, "organization_id"):
            query = query.where(columns[0].class_.organization_id == actor.organization)
        return [tuple(row) for row in await session.execute(query)]


async def member(actor, name):
    async with transaction(Actor.system(actor.organization)) as session:
        query = (
            select(col(User.email), col(Membership.role), col(Membership.deactivated_at))
            .join(Membership, col(Membership.user_id) == col(User.id))
            .where(col(Membership.organization_id) == actor.organization, col(User.name) == name)
        )
        return [(email, role, gone is None) for email, role, gone in await session.execute(query)]


class TestCheck:
    async def test_tells_each_row_and_touches_nothing(self, cast):
        found = await check(cast.administrator)
        assert found.state == "checked"
        assert found.counts["users"] == {"create": 3}
        assert found.counts["enrollments"] == {"create": 3}
        rows = await changes(cast.administrator, found, file="enrollments")
        assert [(row[1], row[2], row[3], row[4]) for row in rows] == [
            ("create", "e1", 2, "Maya Okafor in Physics 10a"),
            ("create", "e2", 3, "Elif Kaya in Physics 10a"),
            ("create", "e3", 4, "Emre Kaya in Physics 10a"),
        ]
        assert await all_of(cast.administrator, SchoolClass.name) == []

    async def test_refuses_as_a_whole_what_is_dirty_and_says_where(self, cast):
        found = await check(cast.administrator, users=USERS.replace("givenName", "firstName"))
        assert found.state == "refused"
        assert [(each["file"], each["row"]) for each in found.findings if each["severity"] == "refuses"] == [
            ("users.csv", 1)
        ]
        with pytest.raises(Conflict):
            await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())

    async def test_rejects_single_rows_with_what_needs_them(self, cast):
        odd = edited("users", "u1,,,true,o1,student", "u1,,,true,o1,ext:ghost")
        found = await check(cast.administrator, users=odd)
        rejected = await changes(cast.administrator, found, action="reject")
        assert [(row[0], row[2]) for row in rejected] == [("users", "u1"), ("enrollments", "e2")]
        assert rejected[0][5] == "“ext:ghost” is not known here: say what this person is."
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        assert await member(cast.administrator, "Elif Kaya") == [(await email_of(cast.student), "student", True)]
        assert len(await all_of(cast.administrator, Enrolment.status)) == 1

    async def test_replaces_what_was_looked_at_before(self, cast):
        first, second = await check(cast.administrator), await check(cast.administrator)
        with pytest.raises(Conflict, match="discarded"):
            await rosters.apply(cast.administrator, first.id, first.digest, Confirmed())
        assert {row[0] for row in await all_of(cast.administrator, RosterChange.import_id)} == {second.id}

    async def test_is_for_those_who_manage_rosters_of_their_own_school(self, cast):
        with pytest.raises(NotPermitted):
            await check(cast.teacher)
        found = await check(cast.administrator)
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await rosters.get_import(session, cast.stranger, found.id)


class TestApply:
    async def test_makes_terms_classes_people_and_what_they_are_to_each_other(self, cast):
        kin = person("p1", "parent", "Nadir", "Sen", "nadir.sen@test.example", '"u1,u2"')
        sessions = SCHOOL["academicSessions"] + "g1,,,Quarter 1,gradingPeriod,2026-08-01,2026-10-15,s1,2027\n"
        aide = SCHOOL["enrollments"] + "e4,,,k1,o1,a1,aide,,,\n"
        users = people(kin, person("a1", "aide", "Sara", "Byrne"))
        done = await bring(cast.administrator, users=users, academicSessions=sessions, enrollments=aide)
        assert (done.state, done.made["people"], done.made["enrolments"], done.made["guardians"]) == (
            "applied",
            5,
            2,
            2,
        )
        terms = await all_of(cast.administrator, Term.name, Term.starts_on, Term.ends_on)
        assert [(name, str(begins), str(ends)) for name, begins, ends in terms] == [
            ("Autumn", "2026-08-01", "2026-12-30")
        ]
        assert [name for (name,) in await all_of(cast.administrator, GradingPeriod.name)] == ["Quarter 1"]
        assert await all_of(cast.administrator, SchoolClass.name, SchoolClass.subject) == [("Physics 10a", "Physics")]
        assert sorted(await all_of(cast.administrator, ClassStaff.role)) == [("aide",), ("teacher",)]
        assert await member(cast.administrator, "Nadir Sen") == [("nadir.sen@test.example", "parent", True)]
        assert await all_of(cast.administrator, Guardianship.relationship) == [("parent",)] * 2
        assert await all_of(cast.administrator, RosterChange.id) == []

    async def test_again_changes_nothing(self, cast):
        await bring(cast.administrator)
        found = await check(cast.administrator)
        assert {action for counts in found.counts.values() for action in counts} == {"unchanged"}
        assert await changes(cast.administrator, found) == []

    async def test_joins_a_member_by_their_address_and_leaves_them_as_they_are(self, cast):
        email = await email_of(cast.teacher)
        users = USERS.replace(
            "t1,,,true,o1,teacher,maya,,Maya,Okafor,,,,", f"t1,,,true,o1,student,maya,,M,O,,,{email},"
        )
        found = await check(cast.administrator, users=users)
        (row,) = [each for each in await changes(cast.administrator, found, file="users") if each[2] == "t1"]
        assert row[5] == "Joins an existing person: Maya Okafor. They stay what they are here: teacher."
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        assert await member(cast.administrator, "Maya Okafor") == [(email, "teacher", True)]
        assert await all_of(cast.administrator, ClassStaff.user_id) == [(cast.teacher.user,)]
        await bring(cast.administrator, Confirmed(sweeping=True), users=SCHOOL["users"].replace("t1,", "t2,"),
                    enrollments=SCHOOL["enrollments"].replace(",t1,", ",t2,"))  # fmt: skip
        assert (email, "teacher", True) in await member(cast.administrator, "Maya Okafor")

    async def test_takes_no_account_of_another_school(self, cast):
        email = await email_of(cast.stranger)
        found = await check(cast.administrator, users=people(person("x1", "teacher", "Olga", "Petrova", email)))
        (row,) = await changes(cast.administrator, found, action="reject")
        assert row[2] == "x1"
        assert "Invite the person" in row[5]

    async def test_makes_nobody_an_administrator_without_being_told(self, cast):
        users = people(person("x1", "administrator", "Ines", "Roth"), person("x2", "administrator", "Ole", "Dahl"))
        found = await check(cast.administrator, users=users)
        assert found.administrators == ["Ines Roth", "Ole Dahl"]
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        assert [role for _, role, _ in await member(cast.administrator, "Ines Roth")] == ["aide"]

    async def test_withdraws_who_is_gone_and_takes_them_back(self, cast):
        await bring(cast.administrator)
        less = {"users": "".join(USERS.splitlines(keepends=True)[:3]),
                "enrollments": "".join(SCHOOL["enrollments"].splitlines(keepends=True)[:3])}  # fmt: skip
        found = await check(cast.administrator, **less)
        assert found.sweeping == ["People", "Enrolments"]
        with pytest.raises(Invalid, match="fifth"):
            await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed(sweeping=True))
        assert [active for _, _, active in await member(cast.administrator, "Emre Kaya")] == [False]
        assert sorted(await all_of(cast.administrator, Enrolment.status)) == [("active",), ("withdrawn",)]
        await bring(cast.administrator)
        assert [active for _, _, active in await member(cast.administrator, "Emre Kaya")] == [True]
        assert sorted(await all_of(cast.administrator, Enrolment.status)) == [("active",)] * 2

    async def test_ends_nothing_that_was_made_by_hand(self, cast):
        room = await make_classroom(cast)
        await bring(cast.administrator)
        assert await all_of(cast.administrator, SchoolClass.archived_at, id=room.id) == [(None,)]
        assert {status for (status,) in await all_of(cast.administrator, Enrolment.status, class_id=room.id)} == {
            "active"
        }

    async def test_is_refused_when_something_has_changed_meanwhile(self, cast):
        found = await check(cast.administrator)
        async with transaction(Actor.system(cast.organization_id)) as session:
            told = {"source": "OneRoster", "file": "users", "sourced_id": "u1"}
            session.add(RosterRecord(organization_id=cast.organization_id, **told))
        with pytest.raises(Conflict, match="has changed since"):
            await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        with pytest.raises(Conflict, match="has changed since"):
            await rosters.apply(cast.administrator, found.id, "other", Confirmed())
        assert await all_of(cast.administrator, SchoolClass.name) == []

    async def test_gives_way_to_who_takes_an_address_this_very_moment(self, cast, monkeypatch):
        found = await check(cast.administrator)

        async def collide(work):
            same = {
                "email": await email_of(cast.teacher),
                "name": "Maya",
                "password_hash": "none",  # pragma: allowlist secret
            }  # pragma: allowlist secret
            work.session.add(User(**same))
            await work.session.flush()

        monkeypatch.setattr("faraday_app.classes.service.rosters.applying.write_guardians", collide)
        with pytest.raises(Conflict, match="has changed since"):
            await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        assert await all_of(cast.administrator, SchoolClass.id) == []

    async def test_is_all_or_nothing(self, cast, monkeypatch):
        found = await check(cast.administrator)

        async def fail(_):
            raise RuntimeError

        monkeypatch.setattr("faraday_app.classes.service.rosters.applying.write_guardians", fail)
        with pytest.raises(RuntimeError):
            await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        for column in (SchoolClass.id, RosterRecord.id, Enrolment.id):
            assert await all_of(cast.administrator, column) == []

    async def test_of_a_delta_says_only_what_it_says(self, cast):
        await bring(cast.administrator)
        head = SCHOOL["enrollments"].splitlines()[0]
        gone = f"{head}\ne2,tobedeleted,2026-09-01T00:00:00Z,k1,o1,u1,student,,,\n"
        nothing = dict.fromkeys(["orgs", "academicSessions", "courses", "classes", "users"], "absent")
        files = dict.fromkeys(nothing)
        await bring(cast.administrator, modes={**nothing, "enrollments": "delta"}, **files, enrollments=gone)
        assert sorted(await all_of(cast.administrator, Enrolment.status)) == [("active",), ("withdrawn",)]


class TestSettings:
    async def test_turn_demographics_on(self, cast):
        rows = "sourcedId,status,dateLastModified,birthDate\nu1,,,13/02/2012\n"
        found = await check(cast.administrator, demographics=rows)
        assert any("turned off" in each["problem"] for each in found.findings)
        async with transaction(cast.administrator) as session:
            await rosters.set_demographics(session, cast.administrator, True)
        found = await check(cast.administrator, demographics=rows)
        assert ("demographics.csv", 2) in [(each["file"], each["row"]) for each in found.findings]
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        async with transaction(cast.administrator) as session:
            kept = select(func.count()).where(col(RosterRecord.file) == "demographics")
            assert await session.scalar(kept) == 0
