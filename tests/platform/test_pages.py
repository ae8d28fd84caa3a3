"""The handlers behind the platform's pages, called as the guard would call them."""

import pytest
from reflex.istate.data import RouterData

from faraday_app.core.ids import new_id
from faraday_app.platform.state import FoundingState, OrganizationsState, OrganizationState
from tests.factories.platform import appoint
from tests.factories.tabs import open_tab


@pytest.fixture
async def platform(cast):
    return await appoint(cast.administrator)


async def open_organization(actor, id):
    tab = await open_tab(actor, OrganizationState)
    root = tab._get_root_state()
    path = f"/platform/organizations/{id}"
    root.router_data = {**root.router_data, "pathname": "/platform/organizations/[organization]", "asPath": path}
    root.router = RouterData.from_router_data(root.router_data)
    await OrganizationState.enter.fn(tab)
    await OrganizationState.refresh.fn(tab)
    return tab


class TestOrganizationsState:
    async def test_lists_and_narrows(self, cast, platform):
        page = await open_tab(platform, OrganizationsState)
        await OrganizationsState.enter.fn(page)
        await OrganizationsState.refresh.fn(page)
        assert {"Hill School", "Lake School"} <= {row.name for row in page.rows}
        await OrganizationsState.set_search.fn(page, "nothing is called \x00 this")
        await OrganizationsState.refresh.fn(page)
        assert (page.rows, page.error) == ([], "")

    async def test_says_to_others_that_they_may_not(self, cast):
        page = await open_tab(cast.administrator, OrganizationsState)
        await OrganizationsState.refresh.fn(page)
        assert (page.rows, page.total, page.error != "") == ([], "", True)


class TestOrganizationState:
    async def test_shows_numbers_of_one(self, cast, platform):
        page = await open_organization(platform, cast.stranger.organization)
        assert (page.name, page.people, page.empty, page.missing) == ("Lake School", "1", False, False)
        assert ("Administrator", "1") in [(row.id, row.value) for row in page.roles]
        assert "Olga" not in str(page.dict())

    async def test_says_that_there_is_none(self, platform):
        for id in (new_id(), "x", "'--"):
            assert (await open_organization(platform, id)).missing


class TestFoundingState:
    async def test_founds_and_shows_the_link_once(self, platform):
        page = await open_tab(platform, FoundingState)
        await FoundingState.set_open.fn(page, True)
        form = {"founding_name": f"Lake {new_id().hex}", "founding_email": f"{new_id().hex}@test.example"}
        await FoundingState.found.fn(page, form)
        link = page.link
        assert "/invitation?token=" in link
        await FoundingState.found.fn(page, {**form, "founding_name": "Another"})
        assert page.link == link
        await FoundingState.set_open.fn(page, True)
        assert page.link == ""
        await FoundingState.found.fn(page, form)
        assert "already" in page.name_error
        await FoundingState.found.fn(page, {**form, "founding_name": f"Lake {new_id().hex}", "founding_email": "x"})
        assert (page.name_error, page.email_error != "") == ("", True)
        await FoundingState.found.fn(page, {"founding_name": {"odd": 1}, "founding_email": None})
        assert page.email_error

    async def test_invites_again_while_nobody_joined(self, cast, platform):
        page = await open_tab(platform, FoundingState)
        await FoundingState.ask_again.fn(page, str(cast.stranger.organization))
        await FoundingState.found.fn(page, {"founding_email": "x@test.example"})
        assert "joined" in page.problem
