"""A receipt in words, as its page sees it."""

import json

import pytest

from faraday_app.gradebook.state.changes import follow
from faraday_app.gradebook.state.wording import ORIGINS, UNUSABLE, WordingState
from tests.factories.classes import make_classroom
from tests.factories.tabs import open_tab, sent


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


async def asked(room):
    tab = await open_tab(room.teacher, WordingState)
    spec = await WordingState.ask.fn(tab, str(room.id), str(room.elif_.user), "Why 85.00 %?", False)
    act, path, body = json.loads(sent(spec)["javascript_code"])
    student = f"/api/v1/gradebook/classes/{room.id}/students/{room.elif_.user}"
    assert (act, path, body) == ("ask", f"{student}/receipt/words", {"final": False})
    return tab


class TestAnswered:
    async def test_shows_the_sentence_until_the_figures_change(self, room):
        tab = await asked(room)
        await WordingState.answered.fn(tab, {"sentence": "It is 85.00 %.", "by": "refused", "cost": 3})
        assert tab.said.origin == ORIGINS["refused"]
        assert (tab.said.sentence, tab.said.busy, tab.said.question) == ("It is 85.00 %.", False, "Why 85.00 %?")
        assert await follow(tab) == [WordingState.forget]
        await WordingState.forget.fn(tab)
        await WordingState.answered.fn(tab, {"sentence": "Too late."})
        assert tab.said.sentence == ""

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({"sentence": "It is 85.00 %.", "by": "somebody"}, UNUSABLE),
            ({"problem": "Not enough credits."}, "Not enough credits."),
            (None, UNUSABLE),
            ({"refused": 3}, UNUSABLE),
        ],
    )
    async def test_says_why_there_is_none(self, room, answer, words):
        tab = await asked(room)
        await WordingState.answered.fn(tab, answer)
        assert (tab.said.sentence, tab.said.problem) == ("", words)
