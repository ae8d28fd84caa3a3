import asyncio

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Role
from faraday_app.organizations.models import Department, Membership
from faraday_app.organizations.service import add_department, list_departments, people
from faraday_app.organizations.service.identity import member
from faraday_app.organizations.service.people import PeopleFilter
from faraday_app.security.models import AuditEvent
from tests.factories.people import make_person


async def names(actor, limit=people.PAGE, **wanted):
    async with transaction(actor) as session:
        return [person.name for person in await people.search(session, actor, PeopleFilter(**wanted), limit)]


async def person_of(actor, someone):
    async with transaction(actor) as session:
        return await people.get_person(session, actor, someone.user)


async def change(actor, someone, role, department_id=None, version=None):
    async with transaction(actor) as session:
        if version is None:
            version = (await people.get_person(session, actor, someone.user)).version
        await people.change_member(session, actor, someone.user, version, role, department_id)


async def deactivate(actor, someone):
    async with transaction(actor) as session:
        await people.deactivate(session, actor, someone.user)


async def events(actor):
    async with transaction(actor) as session:
        found = await session.scalars(select(AuditEvent).order_by(col(AuditEvent.id)))
        return [(event.action, event.details) for event in found.all()]


class TestSearch:
    async def test_lists_members_by_name(self, cast):
        found = await names(cast.administrator)
        assert found == sorted(found)
        assert "Maya Okafor" in found

    async def test_shows_nobody_of_another_organization(self, cast):
        assert await names(cast.stranger) == ["Olga Petrova"]
        assert "Olga Petrova" not in await names(cast.administrator)

    async def test_finds_part_of_a_name_or_address_in_any_case(self, cast):
        address = (await person_of(cast.administrator, cast.teacher)).email
        assert await names(cast.administrator, text="  KAYA ") == ["Elif Kaya", "Nadir Kaya"]
        assert await names(cast.administrator, text=address[:20].upper()) == ["Maya Okafor"]

    @pytest.mark.parametrize("text", ["%", "_", "\\", "'"])
    async def test_takes_signs_of_patterns_as_they_are(self, cast, text):
        assert await names(cast.administrator, text=text) == []

    async def test_narrows_by_role_department_and_status(self, cast):
        await deactivate(cast.administrator, cast.aide)
        science = (await person_of(cast.administrator, cast.head)).department_id
        assert await names(cast.administrator, role=Role.teacher) == ["Ana Ruiz", "Maya Okafor"]
        assert await names(cast.administrator, department_id=science) == ["Ana Ruiz", "Maya Okafor", "Tom Lindqvist"]
        assert await names(cast.administrator, active=False) == ["Sara Byrne"]
        assert "Sara Byrne" in await names(cast.administrator, active=None)

    async def test_pages_both_ways_without_gap_or_repetition(self, cast):
        for _ in range(3):
            await make_person(cast.organization_id, Role.student, "Twin Same")
        everybody = await names(cast.administrator)
        seen, after = [], None
        while page := await self.page(cast, after=after):
            seen += page
            after = (page[-1].name, page[-1].user_id)
        assert [person.name for person in seen] == everybody
        before = (seen[4].name, seen[4].user_id)
        assert await self.page(cast, before=before) == seen[2:4]

    async def page(self, cast, **place):
        async with transaction(cast.administrator) as session:
            return await people.search(session, cast.administrator, PeopleFilter(**place), 2)

    async def test_counts_what_it_would_list(self, cast):
        async with transaction(cast.administrator) as session:
            assert await people.count(session, cast.administrator, PeopleFilter()) == 7
            assert await people.count(session, cast.administrator, PeopleFilter(text="kaya")) == 2

    async def test_is_for_those_who_may_read_people(self, cast):
        for reader in (people.search, people.count):
            async with transaction(cast.teacher) as session:
                with pytest.raises(NotPermitted):
                    await reader(session, cast.teacher, PeopleFilter())


class TestColleagues:
    async def test_offers_active_members_but_not_oneself(self, cast):
        await deactivate(cast.administrator, cast.aide)
        async with transaction(cast.student) as session:
            found = [person.name for person in await people.colleagues(session, cast.student, "a")]
        assert "Maya Okafor" in found
        assert "Sara Byrne" not in found
        assert "Elif Kaya" not in found


class TestGetPerson:
    async def test_is_not_found_for_another_organization(self, cast):
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await people.get_person(session, cast.stranger, cast.teacher.user)


class TestAddMember:
    async def test_is_for_those_who_manage_people(self, cast):
        async with transaction(cast.head) as session:
            with pytest.raises(NotPermitted):
                await people.add_member(session, cast.head, cast.stranger.user, Role.teacher)


class TestChangeMember:
    async def test_holds_from_the_next_look(self, cast):
        science = (await person_of(cast.administrator, cast.head)).department_id
        await change(cast.administrator, cast.student, Role.aide, science)
        async with transaction(cast.administrator) as session:
            actor = await member(session, cast.student.user, cast.organization_id)
        assert actor is not None
        assert (actor.role, actor.department) == (Role.aide, "Science")

    async def test_records_who_and_what_it_was_before(self, cast):
        await change(cast.administrator, cast.teacher, Role.head)
        action, details = (await events(cast.administrator))[-1]
        assert action == "membership.changed"
        assert details["name"] == "Maya Okafor"
        assert details["before"] == {"role": "teacher", "department": "Science"}
        assert details["after"] == {"role": "head", "department": ""}

    async def test_is_a_conflict_when_somebody_was_faster(self, cast):
        version = (await person_of(cast.administrator, cast.teacher)).version
        await change(cast.administrator, cast.teacher, Role.head)
        with pytest.raises(Conflict):
            await change(cast.administrator, cast.teacher, Role.student, version=version)
        assert (await person_of(cast.administrator, cast.teacher)).role is Role.head

    async def test_lets_one_of_two_at_once_win(self, cast):
        version = (await person_of(cast.administrator, cast.teacher)).version
        outcomes = await asyncio.gather(
            *(change(cast.administrator, cast.teacher, role, version=version) for role in (Role.head, Role.aide)),
            return_exceptions=True,
        )
        assert {type(outcome) for outcome in outcomes} == {Conflict, type(None)}

    async def test_is_not_found_for_another_organization(self, cast):
        with pytest.raises(NotFound):
            await change(cast.stranger, cast.teacher, Role.student, version=1)

    async def test_refuses_a_department_of_another_organization(self, cast):
        async with transaction(cast.stranger) as session:
            theirs = (await add_department(session, cast.stranger, "Sailing")).id
        with pytest.raises(NotFound):
            await change(cast.administrator, cast.teacher, Role.teacher, theirs)

    async def test_is_for_those_who_manage_people(self, cast):
        with pytest.raises(NotPermitted):
            await change(cast.head, cast.teacher, Role.head, version=1)

    async def test_keeps_the_last_administrator(self, cast):
        with pytest.raises(Invalid):
            await change(cast.administrator, cast.administrator, Role.teacher)

    async def test_keeps_one_administrator_when_two_step_down_at_once(self, cast):
        second = await make_person(cast.organization_id, Role.administrator, "Second Admin")
        outcomes = await asyncio.gather(
            change(cast.administrator, cast.administrator, Role.teacher),
            change(second, second, Role.teacher),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 1
        assert len(await administrators(cast)) == 1


async def administrators(cast):
    async with transaction(cast.administrator) as session:
        found = await session.scalars(
            select(Membership).where(
                col(Membership.role) == Role.administrator, col(Membership.deactivated_at).is_(None)
            )
        )
        return found.all()


class TestDeactivate:
    async def test_takes_the_membership_away_and_keeps_the_person(self, cast):
        await deactivate(cast.administrator, cast.teacher)
        async with transaction(cast.administrator) as session:
            assert await member(session, cast.teacher.user, cast.organization_id) is None
        assert (await person_of(cast.administrator, cast.teacher)).active is False

    async def test_changes_nothing_the_second_time(self, cast):
        await deactivate(cast.administrator, cast.teacher)
        await deactivate(cast.administrator, cast.teacher)
        assert [action for action, _ in await events(cast.administrator)].count("membership.deactivated") == 1

    async def test_refuses_oneself(self, cast):
        with pytest.raises(Invalid):
            await deactivate(cast.administrator, cast.administrator)

    async def test_keeps_one_administrator_when_two_deactivate_each_other_at_once(self, cast):
        second = await make_person(cast.organization_id, Role.administrator, "Second Admin")
        outcomes = await asyncio.gather(
            deactivate(cast.administrator, second), deactivate(second, cast.administrator), return_exceptions=True
        )
        assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 1
        assert len(await administrators(cast)) == 1

    async def test_is_not_found_for_another_organization(self, cast):
        with pytest.raises(NotFound):
            await deactivate(cast.stranger, cast.teacher)

    async def test_is_for_those_who_manage_people(self, cast):
        with pytest.raises(NotPermitted):
            await deactivate(cast.head, cast.teacher)


class TestReactivate:
    async def test_gives_the_rights_back(self, cast):
        await deactivate(cast.administrator, cast.teacher)
        async with transaction(cast.administrator) as session:
            await people.reactivate(session, cast.administrator, cast.teacher.user)
        async with transaction(cast.administrator) as session:
            actor = await member(session, cast.teacher.user, cast.organization_id)
        assert actor is not None
        assert actor.permissions == cast.teacher.permissions

    async def test_is_not_found_for_another_organization(self, cast):
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await people.reactivate(session, cast.stranger, cast.teacher.user)


class TestDepartments:
    async def test_are_listed_by_name_for_their_organization_alone(self, cast):
        async with transaction(cast.administrator) as session:
            await add_department(session, cast.administrator, "Arts")
        async with transaction(cast.teacher) as session:
            assert [each.name for each in await list_departments(session, cast.teacher)] == ["Arts", "Science"]
        async with transaction(cast.stranger) as session:
            assert await list_departments(session, cast.stranger) == []
            assert (await session.scalars(select(Department))).all() == []
