"""Why a total changed since a moment, below the receipt."""

from datetime import UTC, date, datetime, timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.gradebook.models import Audience
from faraday_app.gradebook.service import posting
from faraday_app.gradebook.state import changes
from faraday_app.gradebook.state.changes import ChangesState, beginning, follow
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import enter
from tests.factories.tabs import open_tab


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def second(room, monkeypatch):
    """17 of 20, then the moment that is asked about, then 19 of 20 in a second quiz; the lowest is dropped."""
    begun = now()
    group = await make_group(room, drop_lowest=1)
    quiz, second = await make_assignment(room, group), await make_assignment(room, group, "Genetics quiz")
    await enter(room, (quiz, room.elif_, "17"))
    moments = {"yesterday": now(), "week": begun}
    days = {now().date() - timedelta(days=ago): moments[name] for name, ago in changes.DAYS.items()}
    monkeypatch.setattr(changes, "beginning", lambda day, zone: days.get(day) or beginning(day, zone))
    await enter(room, (second, room.elif_, "19"))
    return second


async def asked(room, who, since="yesterday", student=None):
    tab = await open_tab(who, ChangesState)
    await ChangesState.choose.fn(tab, str(room.id), str((student or room.elif_).user), since)
    return tab


class TestChoose:
    @pytest.mark.parametrize("who", ["teacher", "elif_", "nadir"])
    async def test_names_what_is_another(self, room, second, who):
        tab = await asked(room, getattr(room, who))
        assert tab.changed.title.endswith(": 85.00 → 95.00 %")
        assert [(line.title, line.note, line.figure) for line in tab.changed.lines] == [
            ("Cell quiz", "counts → dropped", "17"),
            ("Genetics quiz", "does not count → counts", "— → 19"),
        ]

    async def test_is_about_everything_where_there_was_nothing_yet(self, room, second):
        tab = await asked(room, room.teacher, "week")
        assert (tab.changed.problem, tab.changed.lines[0].title) == ("", "Everything")

    async def test_tells_parents_nothing_that_is_held_back_from_them(self, room, second):
        async with transaction(room.teacher) as session:
            await posting.release(session, room.teacher, second.id, Audience.parent, None)
        tab = await asked(room, room.nadir)
        assert tab.changed.lines == []
        assert tab.changed.title.endswith("nothing is another, it is 85.00 %")

    async def test_is_not_about_others_children(self, room, second):
        tab = await asked(room, room.karim)
        assert (bool(tab.changed.problem), tab.changed.lines, tab.changed.title) == (True, [], "")

    async def test_says_when_no_period_is_on(self, room, second):
        assert (await asked(room, room.teacher, "period")).changed.problem

    @pytest.mark.parametrize("since", ["soon", "2999-01-01", "0000"])
    async def test_asks_for_a_day_that_has_passed(self, room, second, since):
        tab = await open_tab(room.teacher, ChangesState)
        await ChangesState.choose_day.fn(tab, str(room.id), str(room.elif_.user), since)
        assert tab.changed.problem

    async def test_takes_a_day_and_follows_what_happens_then(self, room, second):
        tab = await asked(room, room.teacher, "day")
        assert (tab.changed.asks_for_day, tab.changed.title) == (True, "")
        day = (now() - timedelta(days=1)).date().isoformat()
        await ChangesState.choose_day.fn(tab, str(room.id), str(room.elif_.user), day)
        assert tab.changed.title.endswith(": 85.00 → 95.00 %")
        await enter(room, (second, room.elif_, "20"), reason="Counted again")
        assert await follow(tab)
        await ChangesState.refresh.fn(tab)
        assert tab.changed.title.endswith(": 85.00 → 100.00 %")
        await ChangesState.choose.fn(tab, str(room.id), str(room.elif_.user), "")
        assert await follow(tab) == []


class TestBeginning:
    def test_is_midnight_where_the_viewer_is(self):
        assert beginning(date(2026, 3, 2), "Europe/Istanbul") == datetime(2026, 3, 1, 21, tzinfo=UTC)
