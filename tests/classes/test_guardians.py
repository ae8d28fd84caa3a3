"""Guardians and their children."""

import pytest

from faraday_app.classes.service import guardians
from faraday_app.classes.service.access import standing
from faraday_app.classes.state.guardians import GuardiansState, LinkingState
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Role
from tests.factories.classes import Classroom, make_classroom
from tests.factories.people import make_person
from tests.factories.tabs import open_at


@pytest.fixture
async def classroom(cast) -> Classroom:
    return await make_classroom(cast)


async def _do(actor, act, *values, **more):
    async with transaction(actor) as session:
        return await act(session, actor, *values, **more)


class TestLink:
    async def test_lets_a_second_guardian_see_a_first_child(self, cast, classroom):
        leyla = await make_person(cast.organization_id, Role.parent, "Leyla Kaya")
        for child in (classroom.elif_, classroom.emre):
            await _do(cast.administrator, guardians.link, leyla.user, child.user, "Mother")
        found = await _do(leyla, standing, classroom.id)
        assert found.enrolled == {classroom.elif_.user, classroom.emre.user}

    async def test_refuses_what_is_no_family(self, cast, classroom):
        nadir, elif_, emre = classroom.nadir.user, classroom.elif_.user, classroom.emre.user
        for guardian, student, error in (
            (nadir, elif_, Conflict),
            (elif_, elif_, Invalid),
            (emre, elif_, Invalid),
            (nadir, cast.teacher.user, Invalid),
            (cast.stranger.user, elif_, NotFound),
        ):
            with pytest.raises(error):
                await _do(cast.administrator, guardians.link, guardian, student)

    async def test_is_for_those_who_keep_guardians(self, cast, classroom):
        for actor in (cast.teacher, cast.head, cast.aide, cast.parent, cast.student):
            with pytest.raises(NotPermitted):
                await _do(actor, guardians.link, classroom.karim.user, classroom.elif_.user)
            with pytest.raises(NotPermitted):
                await _do(actor, guardians.listed)


class TestUnlink:
    async def test_ends_what_the_guardian_sees_at_once_and_can_be_linked_again(self, cast, classroom):
        [link] = await _do(cast.administrator, guardians.listed, student_id=classroom.amina.user)
        with pytest.raises(NotFound):
            await _do(cast.stranger, guardians.unlink, link.id)
        await _do(cast.administrator, guardians.unlink, link.id)
        with pytest.raises(NotFound):
            await _do(classroom.karim, standing, classroom.id)
        with pytest.raises(NotFound):
            await _do(cast.administrator, guardians.unlink, link.id)
        await _do(cast.administrator, guardians.link, classroom.karim.user, classroom.amina.user)
        await _do(classroom.karim, standing, classroom.id)


class TestListed:
    async def test_is_narrowed_and_paged(self, cast, classroom):
        everybody = await _do(cast.administrator, guardians.listed)
        assert [(each.student, each.guardian) for each in everybody] == [
            ("Amina Haddad", "Karim Haddad"),
            ("Elif Kaya", "Nadir Kaya"),
            ("Emre Kaya", "Nadir Kaya"),
        ]
        assert await _do(cast.administrator, guardians.listed, after=everybody[0].id) == everybody[1:]
        assert await _do(cast.administrator, guardians.listed, sought="nadir", limit=1) == everybody[1:2]
        assert await _do(cast.administrator, guardians.listed, guardian_id=classroom.nadir.user) == everybody[1:]


class TestGuardiansPage:
    async def test_links_by_two_searches_and_unlinks(self, cast, classroom):
        await make_person(cast.organization_id, Role.parent, "Leyla Kaya")
        page = await open_at(cast.administrator, GuardiansState, "/guardians", student=str(classroom.elif_.user))
        assert [row.guardian for row in page.rows] == ["Nadir Kaya"]
        linking = await page.get_state(LinkingState)
        await LinkingState.set_open.fn(linking, True)
        assert linking.child.name == "Elif Kaya"
        await LinkingState.link.fn(linking, {})
        assert linking.error == "Choose a student and a guardian."
        await LinkingState.find_guardian.fn(linking, "leyla")
        await LinkingState.choose_guardian.fn(linking, linking.guardians[0].id)
        await LinkingState.link.fn(linking, {"link_relationship": "Mother"})
        await GuardiansState.refresh.fn(page)
        assert [(row.guardian, row.relationship) for row in page.rows] == [("Nadir Kaya", ""), ("Leyla Kaya", "Mother")]
        await LinkingState.ask_unlink.fn(linking, page.rows[0].id)
        assert linking.unlinked == "Nadir Kaya and Elif Kaya"
        await LinkingState.unlink.fn(linking)
        await GuardiansState.refresh.fn(page)
        assert [row.guardian for row in page.rows] == ["Leyla Kaya"]
