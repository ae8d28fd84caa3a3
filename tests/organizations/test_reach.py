"""Rights under conditions reach exactly those people and conversations of whom they hold."""

from dataclasses import replace
from datetime import timedelta

import pytest

from faraday_app.contexts.service import conversations
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.permissions import Permission, Role
from faraday_app.organizations.service import decisions, people
from faraday_app.organizations.service.people import PeopleFilter
from tests.factories import contexts
from tests.factories.people import make_person
from tests.factories.roles import allow, as_now, confirmed, deny, set_rules

NEAR = {"Tom Lindqvist", "Maya Okafor", "Ana Ruiz", "Sara Byrne"}


async def limited(cast, *rules, person=None):
    person = person or cast.head
    await set_rules(cast.administrator, person, *rules)
    return await as_now(person)


async def seen(actor):
    async with transaction(actor) as session:
        wanted = PeopleFilter()
        found = {person.name for person in await people.search(session, actor, wanted, 100)}
        assert await people.count(session, actor, wanted) == len(found)
        return found


async def change(actor, someone, role):
    async with transaction(actor) as session:
        version = (await people.get_person(session, actor, someone.user)).version
        await people.change_member(session, actor, someone.user, version, role, someone.department_id)


class TestOwnDepartment:
    async def test_shows_the_people_of_it_and_no_others(self, cast):
        head = await limited(cast, allow("people:read", own_department=True))
        assert head.could(Permission.people_read)
        assert not head.may(Permission.people_read)
        assert await seen(head) == NEAR
        async with transaction(head) as session:
            assert (await people.read_person(session, head, cast.aide.user)).name == "Sara Byrne"
            with pytest.raises(NotFound):
                await people.read_person(session, head, cast.student.user)

    async def test_hides_the_people_of_it_when_denied(self, cast):
        head = await limited(cast, allow("people:read"), deny("people:*", own_department=True))
        assert not await seen(head) & NEAR

    async def test_is_nobody_for_who_has_none(self, cast):
        parent = await limited(cast, allow("people:read", own_department=True), person=cast.parent)
        with pytest.raises(NotPermitted):
            await seen(parent)

    async def test_limits_what_can_be_changed(self, cast):
        # What a head gives must be theirs without limits: the rights of an aide are.
        head = await limited(cast, allow("people:manage", own_department=True))
        await change(head, cast.teacher, Role.aide)
        with pytest.raises(NotPermitted):
            await change(head, cast.student, Role.aide)
        async with transaction(head) as session:
            with pytest.raises(NotPermitted):
                await people.deactivate(session, head, cast.student.user)

    async def test_limits_conversations_to_those_of_its_people(self, cast):
        science = await make_person(cast.organization_id, Role.teacher, "Near", cast.head.department_id)
        near, far = await contexts.begin(science, "Near"), await contexts.begin(cast.student, "Far")
        await contexts.share(science, near, cast.aide)
        await contexts.share(cast.student, far, cast.aide)
        aide = await limited(cast, deny("assistant:use", own_department=True), person=cast.aide)
        async with transaction(aide) as session:
            assert [each.title for each in await conversations.search(session, aide)] == ["Far"]
            assert await conversations.get_context(session, aide, far)
            with pytest.raises(NotPermitted):
                await conversations.get_context(session, aide, near)
            with pytest.raises(NotPermitted):
                await conversations.begin(session, aide)


class TestAddress:
    async def test_is_the_one_from_which_one_acts(self, cast):
        head = await limited(cast, allow("people:read", addresses=("192.0.2.0/24",)))
        assert not head.at("203.0.113.1").could(Permission.people_read)
        assert head.at("192.0.2.9").may(Permission.people_read)
        assert not head.at("192.0.2.9").at("").could(Permission.people_read)

    async def test_stays_within_the_scopes_of_a_key(self, cast):
        head = await limited(cast, allow("people:read", addresses=("192.0.2.0/24",)))
        key = replace(head, scopes=frozenset({Permission.home_read})).resolved()
        assert key.at("192.0.2.9").permissions == {Permission.home_read}


class TestWhy:
    async def test_answers_for_a_thing_a_moment_and_an_address(self, cast):
        until = now() + timedelta(hours=1)
        await limited(cast, allow("people:read", until, own_department=True, addresses=("192.0.2.0/24",)))
        asked = {"kind": "person", "id": cast.aide.user, "address": "192.0.2.9"}

        async def ask(**changes):
            async with transaction(cast.administrator) as session:
                found = await decisions.why(
                    session, cast.administrator, cast.head.user, Permission.people_read, **{**asked, **changes}
                )
                return found.allowed

        assert await ask()
        assert not await ask(id=cast.student.user)
        assert not await ask(address="203.0.113.1")
        assert not await ask(moment=until)

    async def test_is_not_found_across_organizations_and_not_for_everybody(self, cast):
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await decisions.why(session, cast.stranger, cast.head.user, Permission.people_read)
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotPermitted):
                await decisions.why(session, cast.teacher, cast.head.user, Permission.people_read)

    async def test_says_that_the_deactivated_may_nothing(self, cast):
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, confirmed(cast.administrator), cast.head.user)
        async with transaction(cast.administrator) as session:
            found = await decisions.why(session, cast.administrator, cast.head.user, Permission.home_read)
        assert (found.allowed, found.reason) == (False, "Blocked: they are deactivated.")
