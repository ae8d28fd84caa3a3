"""What the handlers of the page do with what a browser sends."""

import pytest
import reflex as rx

from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.credits.state import CreditsState, GrantState, StatementState, UsageState
from faraday_app.credits.views import CREDIT
from faraday_app.ui import guard
from tests.factories.credits import available, give, hold, open_pool, settle


@pytest.fixture
async def school(cast):
    await open_pool(cast.administrator, 1000 * CREDIT)
    await give(cast.administrator, cast.teacher, 100 * CREDIT)
    return cast


@pytest.fixture
def tab(monkeypatch):
    """The states of one open tab, seen by whoever ``look`` names."""
    return Tab(monkeypatch)


class Tab:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._root = rx.State(_reflex_internal_init=True)

    def look(self, actor: Actor) -> "Tab":
        async def viewer_of(state: object) -> Actor:
            return actor

        self._monkeypatch.setattr(guard, "viewer_of", viewer_of)
        return self

    async def state(self, kind: type[rx.State]):
        return await self._root.get_state(kind)

    async def call(self, handler: rx.event.EventHandler, *args: object) -> list[object]:
        """Run a handler as the event processor would; what it returned or yielded."""
        kind = next(kind for kind in (CreditsState, GrantState, StatementState, UsageState) if handler in _of(kind))
        outcome = handler.fn(await self.state(kind), *args)
        if hasattr(outcome, "__aiter__"):
            return [event async for event in outcome]
        return [await outcome]


def _of(kind: type[rx.State]) -> list[object]:
    return list(kind.event_handlers.values())


class TestGrantDialog:
    async def fill(self, tab, school, **form):
        tab.look(school.administrator)
        await tab.call(GrantState.show)
        await tab.call(GrantState.choose, str(school.student.user))
        await tab.call(GrantState.send, {"amount": "2.5", "memo": "For the project", **form})
        return await tab.state(GrantState)

    async def test_grants_and_closes(self, tab, school):
        state = await self.fill(tab, school)
        assert not state.open
        assert await available(school.student) == 2_500_000

    async def test_grants_once_when_sent_twice(self, tab, school):
        state = await self.fill(tab, school, amount="wrong")
        key = state._key
        for _ in range(2):
            state._key, state.open = key, True
            await tab.call(GrantState.choose, str(school.student.user))
            await tab.call(GrantState.send, {"amount": "3", "memo": ""})
        assert await available(school.student) == 3 * CREDIT

    async def test_says_what_is_wrong_beside_the_field(self, tab, school):
        state = await self.fill(tab, school, amount="many")
        assert state.open
        assert state.amount_error == "Enter an amount such as 500 or 2.5."
        assert not state.busy

    async def test_asks_for_a_person(self, tab, school):
        tab.look(school.administrator)
        await tab.call(GrantState.show)
        await tab.call(GrantState.send, {"amount": "1"})
        assert (await tab.state(GrantState)).person_error == "Choose who shall get the credits."

    async def test_says_above_the_form_that_the_pool_is_empty(self, tab, school):
        state = await self.fill(tab, school, amount="5,000")
        assert state.problem == "Your organisation has 900 credits left to grant, not 5,000."

    async def test_finds_people_of_the_organisation_by_name(self, tab, school):
        tab.look(school.administrator)
        await tab.call(GrantState.search, "ana")
        assert [person.name for person in (await tab.state(GrantState)).found] == ["Ana Ruiz"]
        await tab.call(GrantState.search, "olga")
        assert (await tab.state(GrantState)).found == []

    @pytest.mark.parametrize("what", ["not an id", None, {"a": 1}])
    async def test_does_not_find_what_is_no_person(self, tab, school, what):
        tab.look(school.administrator)
        with pytest.raises(NotFound):
            await tab.call(GrantState.choose, what)


class TestStatementTable:
    async def test_pages_forward_and_back(self, tab, school):
        for number in range(30):
            await settle(school.teacher, await hold(school.teacher, CREDIT), CREDIT, f"Answer {number}")
        tab.look(school.teacher)
        await tab.call(StatementState.load)
        state = await tab.state(StatementState)
        assert (state.range, state.has_previous, state.has_next) == ("1–25", False, True)
        for handler, expected in ((StatementState.next, "26–31"), (StatementState.previous, "1–25")):
            await tab.call(handler)
            await tab.call(StatementState.load)
            assert state.range == expected

    async def test_of_the_pool_is_refused_to_others_even_when_asked_for(self, tab, school):
        tab.look(school.teacher)
        state = await tab.state(StatementState)
        state.whose = "pool"
        with pytest.raises(NotPermitted):
            await tab.call(StatementState.load)


class TestUsageChart:
    async def test_says_in_a_sentence_what_it_shows(self, tab, school):
        await settle(school.teacher, await hold(school.teacher, 5 * CREDIT), 5 * CREDIT)
        tab.look(school.teacher)
        await tab.call(UsageState.load)
        state = await tab.state(UsageState)
        assert state.summary.startswith("You used 5.00 credits in the last 30 days, most on ")
        assert len(state.days) == 30

    async def test_of_everyone_falls_back_to_own_for_others(self, tab, school):
        await settle(school.teacher, await hold(school.teacher, 5 * CREDIT), 5 * CREDIT)
        tab.look(school.student)
        (await tab.state(UsageState)).everyone = True
        await tab.call(UsageState.load)
        assert (await tab.state(UsageState)).summary == "You used no credits in the last 30 days."
