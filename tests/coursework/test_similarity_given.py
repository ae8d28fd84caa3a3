"""What the class is given with an assignment does not count, and a team's work is everybody's who is in it."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import ComparedText, SimilarityCheck
from faraday_app.coursework.service import materials, teams
from faraday_app.coursework.service.materials import Draft, attaching, versions
from faraday_app.coursework.service.similarity import beside
from tests.factories.classes import make_assignment, make_group
from tests.factories.coursework import do, last_terms
from tests.factories.essays import PARAGRAPH, PLANTS, WAR
from tests.factories.materials import add_file, add_page
from tests.factories.similarity import COPY, ORIGINAL, compare_all, hand_in, pairs_of, rows


@pytest.fixture
async def work(room, group):
    return await make_assignment(room, group, "Bees")


@pytest.fixture
async def alike(room, work):
    await hand_in(work, room.elif_, ORIGINAL)
    await hand_in(work, room.emre, COPY)
    await compare_all()
    assert len(await pairs_of(room, work)) == 1


class TestAttached:
    @pytest.mark.usefixtures("alike")
    async def test_words_do_not_count_as_long_as_they_are_attached(self, room, work):
        page = await add_page(room, "Bees", f"{PARAGRAPH}\n\n{WAR[0]}\n\n{WAR[1]}")
        await do(room.teacher, attaching.add, work.id, [page.id])
        await compare_all()
        assert await pairs_of(room, work) == []
        await do(room.teacher, attaching.take_away, work.id, page.id)
        await compare_all()
        assert len(await pairs_of(room, work)) == 1

    @pytest.mark.usefixtures("alike")
    async def test_words_count_again_when_the_page_says_something_else(self, room, work):
        page = await add_page(room, "Bees", f"{PARAGRAPH}\n\n{WAR[0]}\n\n{WAR[1]}", draft=True)
        await do(room.teacher, attaching.add, work.id, [page.id])
        await compare_all()
        assert len(await pairs_of(room, work)) == 1  # nobody was given a draft
        page = await do(room.teacher, materials.edit, page.id, Draft("Bees"), page.version)
        await compare_all()
        assert await pairs_of(room, work) == []
        await do(room.teacher, versions.write, page.id, "Something else.", page.version)
        await compare_all()
        assert len(await pairs_of(room, work)) == 1

    @pytest.mark.usefixtures("alike")
    async def test_of_a_file_is_what_it_says(self, room, work):
        file = await add_file(room, "bees.txt", f"{PARAGRAPH}\n\n{WAR[0]}\n\n{WAR[1]}".encode())
        await do(room.teacher, attaching.add, work.id, [file.id])
        await materials.read_waiting()
        await compare_all()
        assert await pairs_of(room, work) == []

    async def test_asks_for_nothing_where_nothing_was_handed_in(self, room, work):
        await do(room.teacher, attaching.add, work.id, [(await add_page(room)).id])
        assert await rows(SimilarityCheck, assignment_id=work.id) == []


class TestTeam:
    @pytest.fixture
    async def bees(self, room, group):
        bees = await make_assignment(room, group, "Bees", group_work=True)
        both = [room.elif_.user, room.emre.user]
        await do(room.teacher, teams.put, bees.id, {"Bumble": both, "Honey": [room.amina.user]})
        return bees

    async def team(self, bees, name) -> object:
        async with transaction(Actor.system(bees.organization_id)) as session:
            return next(each.id for each in await teams.listed(session, bees.id) if each.name == name)

    async def test_is_named_with_all_of_it(self, room, bees):
        await hand_in(bees, room.elif_, ORIGINAL, team_id=await self.team(bees, "Bumble"))
        await hand_in(bees, room.amina, COPY, team_id=await self.team(bees, "Honey"))
        await compare_all()
        (pair,) = await pairs_of(room, bees)
        assert {pair.left.name, pair.right.name} == {"Elif Kaya, Emre Kaya", "Amina Haddad"}
        found = await do(room.teacher, beside.look, pair.row.id)
        assert found.evidence is not None

    async def test_is_not_compared_with_earlier_work_of_any_of_it(self, room, bees):
        """Emre did not begin the team's text; what he wrote last term is his own all the same."""
        earlier = await last_terms(room)
        essay = await make_assignment(earlier, await make_group(earlier), "Last essay")
        await hand_in(essay, room.emre, ORIGINAL)
        await compare_all()
        await hand_in(bees, room.elif_, COPY, team_id=await self.team(bees, "Bumble"))
        await hand_in(bees, room.amina, PLANTS[0], team_id=await self.team(bees, "Honey"))
        await compare_all()
        assert await pairs_of(room, bees) == []

    async def test_replaces_what_one_of_it_handed_in_alone(self, room, bees):
        await hand_in(bees, room.emre, ORIGINAL)
        await compare_all()
        await hand_in(bees, room.elif_, COPY, team_id=await self.team(bees, "Bumble"))
        await compare_all()
        assert await pairs_of(room, bees) == []
        assert [row.team_id is not None for row in await rows(ComparedText, assignment_id=bees.id, current=True)] == [
            True
        ]
