"""The page of rosters, as a tab sees it."""

from sqlalchemy import func, select
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.classes.service import rosters
from faraday_app.classes.state.rosters import RostersState
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from tests.factories.graded import GRADED
from tests.factories.rosters import SCHOOL, package
from tests.factories.tabs import open_at


async def classes_of(actor) -> int:
    async with transaction(Actor.system()) as session:
        counted = select(func.count()).where(col(SchoolClass.organization_id) == actor.organization)
        return await session.scalar(counted)


class TestRosters:
    async def test_are_shown_before_they_are_applied(self, cast):
        await rosters.check(cast.administrator, "autumn.zip", package())
        page = await open_at(cast.administrator, RostersState, "/rosters")
        assert (page.found.name, page.found.state) == ("autumn.zip", "checked")
        assert [(row.label, row.new) for row in page.counts][-2:] == [("People", "3"), ("Enrolments", "3")]
        await RostersState.set_file.fn(page, "enrollments")
        assert page.rows[0].label == "Maya Okafor in Physics 10a"
        await RostersState.set_action.fn(page, "deactivate")
        assert page.rows == []
        assert await classes_of(cast.administrator) == 0
        await RostersState.apply.fn(page)
        assert page.applying
        await RostersState.work.fn(page)
        assert (page.applying, page.found.id, page.history[0].state) == (False, "", "applied")
        assert "people: 3" in page.history[0].came
        assert await classes_of(cast.administrator) == 1

    async def test_say_what_is_wrong_and_what_to_do(self, cast):
        await rosters.check(cast.administrator, "odd.zip", package(users=SCHOOL["users"].replace("givenName", "first")))
        page = await open_at(cast.administrator, RostersState, "/rosters")
        assert (page.found.state, page.findings[0].kind) == ("refused", "not taken")
        assert page.findings[0].place.startswith("users.csv, row 1")
        assert page.findings[0].remedy

    async def test_say_what_became_of_grades_and_take_them_back(self, cast):
        await rosters.check(cast.administrator, "grades.zip", package(**GRADED))
        page = await open_at(cast.administrator, RostersState, "/rosters")
        assert [(row.label, row.new) for row in page.counts][-2:] == [("Line items", "2"), ("Results", "3")]
        await RostersState.set_file.fn(page, "results")
        assert page.rows[0].label == "Elif Kaya: Optics quiz"
        await RostersState.apply.fn(page)
        await RostersState.work.fn(page)
        assert ("grades: 3" in page.history[0].came, page.history[0].can_take_back) == (True, True)
        await RostersState.ask_back.fn(page, page.history[0].id)
        await RostersState.take_back.fn(page)
        assert "grades taken back: 3" in page.history[0].came
        assert (page.taking_back, page.history[0].can_take_back) == ("", False)

    async def test_can_be_discarded(self, cast):
        await rosters.check(cast.administrator, "autumn.zip", package())
        page = await open_at(cast.administrator, RostersState, "/rosters")
        await RostersState.discard.fn(page)
        assert (page.found.id, page.history[0].state) == ("", "discarded")

    async def test_are_paged(self, cast):
        head, *rows = SCHOOL["users"].splitlines()
        many = [rows[-1].replace("u2", f"u{number}") for number in range(2, 42)]
        users = "\n".join([head, *rows[:-1], *many, ""])
        await rosters.check(cast.administrator, "many.zip", package(users=users))
        page = await open_at(cast.administrator, RostersState, "/rosters")
        await RostersState.set_file.fn(page, "users")
        first = [row.place for row in page.rows]
        await RostersState.next_page.fn(page)
        assert (len(first), len(page.rows), page.shown) == (25, 17, "26–42")
        await RostersState.previous_page.fn(page)
        assert [row.place for row in page.rows] == first
