"""What a platform administrator sees: counts of all organisations, and nothing of what is in them."""

import pytest
from sqlalchemy import text

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.credits import service as credits
from faraday_app.credits.service import Totals
from faraday_app.organizations.service import people
from faraday_app.platform.service import overview
from tests.factories import contexts
from tests.factories.people import make_organization
from tests.factories.platform import appoint

CREDIT = 1_000_000


@pytest.fixture
async def platform(cast):
    return await appoint(cast.administrator)


async def listed(actor, text="", **page):
    async with transaction(actor) as session:
        return await overview.list_organizations(session, actor, text, **page)


class TestListOrganizations:
    async def test_counts_people_and_credits_of_each(self, cast, platform):
        await contexts.fund(cast, cast.teacher, amount=30 * CREDIT)
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.parent.user)
        ours = next(line for line in await listed(platform) if line.id == cast.organization_id)
        theirs = next(line for line in await listed(platform) if line.id == cast.stranger.organization)
        assert (ours.name, ours.people, theirs.name, theirs.people) == ("Hill School", 6, "Lake School", 1)
        assert ours.credits_issued >= 30 * CREDIT
        assert theirs.credits_issued == 0

    async def test_pages_and_searches(self, platform):
        mark = new_id().hex
        made = [await make_organization(f"{mark} {number}%") for number in range(3)]
        first = await listed(platform, mark, limit=2)
        assert [line.id for line in first] == [made[2], made[1]]
        assert [line.id for line in await listed(platform, mark, before=made[1])] == [made[0]]
        assert [line.id for line in await listed(platform, f"{mark} 1%")] == [made[1]]
        assert await listed(platform, f"{mark}_") == []

    async def test_is_for_platform_administrators_alone(self, cast):
        for actor in (cast.administrator, cast.teacher, cast.stranger):
            for asked in (overview.list_organizations, overview.count):
                async with transaction(actor) as session:
                    with pytest.raises(NotPermitted):
                        await asked(session, actor)
            async with transaction(actor) as session:
                with pytest.raises(NotPermitted):
                    await credits.totals(session, actor, [cast.organization_id])

    async def test_leaves_row_level_security_as_it_was(self, cast, platform):
        """The rest of the transaction sees the platform administrator's own organisation again, and no other."""
        async with transaction(platform) as session:
            await overview.list_organizations(session, platform)
            await overview.figures(session, platform, cast.stranger.organization)
            found = await session.execute(text("select distinct organization_id from memberships"))
            assert [row[0] for row in found] == [cast.organization_id]


class TestFigures:
    async def test_are_numbers_of_another_organization(self, cast, platform):
        async with transaction(Actor.system(cast.stranger.organization)) as session:
            await credits.open_pool(session, Actor.system(cast.stranger.organization), 50 * CREDIT, "To begin with")
        async with transaction(platform) as session:
            found = await overview.figures(session, platform, cast.stranger.organization)
        assert (found.name, found.people, found.roles[Role.administrator], found.roles[Role.teacher]) == (
            "Lake School", 1, 1, 0,
        )  # fmt: skip
        assert found.credits == Totals(50 * CREDIT, 50 * CREDIT, 0)
        assert found.credits.spent == 0

    async def test_of_what_is_not_there_are_not_found(self, platform):
        async with transaction(platform) as session:
            with pytest.raises(NotFound):
                await overview.figures(session, platform, new_id())
