from dataclasses import replace

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.privacy.service import requests
from faraday_app.privacy.state import PrivacyState, RecordsState
from faraday_app.security.service import seen
from tests.factories.classes import make_classroom
from tests.factories.tabs import open_at


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


class TestRecords:
    async def test_of_a_parent_are_about_each_child_in_turn(self, room):
        async with transaction(room.teacher) as session:
            await seen(session, room.teacher, room.emre.user, "grades in Biology 9B")
        page = await open_at(room.nadir, RecordsState, "/records")
        await page.enter()
        assert [each.name for each in page.subjects] == ["You", "Elif Kaya", "Emre Kaya"]
        assert [(row.who, row.role, row.what) for row in page.rows] == [
            ("Maya Okafor", "Teacher", "Looked at grades in Biology 9B")
        ]
        await page.choose(str(room.elif_.user))
        assert (page.about, page.rows) == ("Elif Kaya", [])

    async def test_do_not_follow_an_id_that_is_no_child_of_theirs(self, room):
        page = await open_at(room.karim, RecordsState, "/records")
        await page.enter()
        await page.choose(str(room.elif_.user))
        assert page.about == "Amina Haddad"


class TestPrivacy:
    async def test_says_what_is_wrong_with_the_years_and_keeps_the_dialog_open(self, cast):
        page = await open_at(cast.administrator, PrivacyState, "/privacy")
        await page.enter()
        await page.set_choosing(True)
        for wrong in ("soon", "0", "1000", "²"):
            await page.keep({"years": wrong})
            assert page.choosing
            assert page.years_error
        await page.keep({"years": "7"})
        await page.refresh()
        assert (page.choosing, page.years) == (False, "7")

    async def test_shows_who_is_to_be_erased_and_takes_it_back(self, cast, room):
        maker = replace(cast.administrator, confirmed_at=now())
        async with transaction(maker) as session:
            await requests.ask_erasure(session, maker, room.karim.user, "By letter.")
        page = await open_at(cast.administrator, PrivacyState, "/privacy")
        await page.enter()
        (row,) = page.rows
        assert (row.person, row.state, row.reason, row.can_be_cancelled) == (
            "Karim Haddad", "Will be erased", "By letter.", True,
        )  # fmt: skip
        await page.cancel(row.id)
        await page.refresh()
        assert [row.state for row in page.rows] == ["Taken back"]
