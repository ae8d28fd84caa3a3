from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.classes.models import ClassStaff, Enrolment, Guardianship, SchoolClass
from faraday_app.classes.service import access
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, NotFound, NotPermitted
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service.subjects import members
from tests.factories.classes import make_classroom


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def standing(actor, room):
    async with transaction(actor) as session:
        return await access.standing(session, actor, room.id)


async def listed(actor) -> list[str]:
    async with transaction(actor) as session:
        return list(await session.scalars(select(col(SchoolClass.name)).where(access.visible(actor))))


class TestStanding:
    async def test_of_each_in_the_school(self, cast, room):
        seen = {}
        for name in ("administrator", "head", "teacher", "aide"):
            found = await standing(getattr(cast, name), room)
            seen[name] = (found.teaches, found.helps, found.oversees, found.grades)
        assert seen == {
            "administrator": (False, False, True, True),
            "head": (False, False, True, True),
            "teacher": (True, False, False, True),
            "aide": (False, True, False, False),
        }
        learning = await standing(room.elif_, room)
        assert (learning.learns, learning.is_staff, learning.enrolled) == (True, False, {room.elif_.user})

    async def test_of_a_parent_is_about_all_their_children_and_no_other(self, room):
        nadir, karim = await standing(room.nadir, room), await standing(room.karim, room)
        assert nadir.enrolled == {room.elif_.user, room.emre.user}
        assert karim.enrolled == {room.amina.user}
        assert (nadir.learns, nadir.is_staff) == (False, False)
        with pytest.raises(NotFound):
            karim.must_see(room.elif_.user)

    async def test_is_nothing_to_whom_it_is_no_business(self, cast, room):
        for outsider in (cast.colleague, cast.stranger):
            with pytest.raises(NotFound):
                await standing(outsider, room)
            assert await listed(outsider) == []

    async def test_of_a_head_ends_at_their_department(self, cast, room):
        elsewhere = replace(cast.head, subject=replace(cast.head.subject, department_id=None), department_id=None)
        with pytest.raises(NotFound):
            await standing(elsewhere, room)
        assert await listed(elsewhere) == []

    @pytest.mark.parametrize("table", [ClassStaff, Enrolment, Guardianship])
    async def test_ends_with_what_it_came_from(self, room, table):
        ended = {"status": "withdrawn"} if table is Enrolment else {"ended_at": now()}
        async with transaction(Actor.system(room.cast.organization_id)) as session:
            await session.execute(update(table).values(ended))
        out = {ClassStaff: [room.teacher, room.cast.aide], Enrolment: room.students, Guardianship: [room.karim]}[table]
        for each in out:
            with pytest.raises(NotFound):
                await standing(each, room)
            assert await listed(each) == []


class TestVisible:
    async def test_lists_what_one_stands_in(self, cast, room):
        for each in (cast.administrator, cast.head, room.teacher, cast.aide, *room.students, room.nadir, room.karim):
            assert await listed(each) == ["Biology 9B"]


class TestTeaching:
    async def test_is_for_teachers_and_those_above_them(self, cast, room):
        for each in (cast.administrator, cast.head, room.teacher):
            async with transaction(each) as session:
                await access.teaching(session, each, room.id, Permission.gradebook_manage)
        for each in (cast.aide, room.elif_, room.nadir):
            async with transaction(each) as session:
                with pytest.raises(NotPermitted):
                    await access.teaching(session, each, room.id, Permission.gradebook_manage)

    async def test_is_over_when_the_class_is_archived(self, room):
        async with transaction(Actor.system(room.cast.organization_id)) as session:
            await session.execute(update(SchoolClass).values(archived_at=now()))
        async with transaction(room.teacher) as session:
            with pytest.raises(Conflict, match="archived"):
                await access.teaching(session, room.teacher, room.id, Permission.gradebook_manage)


class TestRelations:
    async def test_are_known_to_rules_about_own_classes_and_children(self, room):
        async with transaction(Actor.system(room.cast.organization_id)) as session:
            found = await access.relations(session, [room.nadir.user, room.teacher.user, room.elif_.user])
            assert found[room.nadir.user] == (frozenset(), frozenset({room.elif_.user, room.emre.user}))
            assert found[room.teacher.user][0] == found[room.elif_.user][0] == frozenset({room.id})
            without = await members(session, room.cast.organization_id, [room.teacher.user])
        assert without[room.teacher.user].subject.class_ids == frozenset()  # no rule of theirs asks
