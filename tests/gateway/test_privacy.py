"""Names leave as tokens and come back as names, however the answer is cut into pieces."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.gateway.service.privacy import Masked, Names, Unmasking

SCHOOL = uuid4()
MAYA = uuid4()
PEOPLE = [
    (MAYA, "Maya Chen", "maya.chen@school.example"),
    (uuid4(), "Jonas Prie", "jonas@school.example"),
    (uuid4(), "Ana de la Cruz", "ana@school.example"),
    (uuid4(), "Will O'Brien-Smith", "will@school.example"),
]
NAMES = Names(PEOPLE)


def masked(organization: UUID = SCHOOL) -> Masked:
    return Masked(organization, NAMES)


def put_back(mask: Masked, text: str, *cuts: int) -> str:
    unmasking, places = Unmasking(mask), [0, *sorted(cuts), len(text)]
    pieces = [text[a:b] for a, b in pairwise(places)]
    return "".join(unmasking.feed(piece) for piece in pieces) + unmasking.rest()


class TestHiding:
    @pytest.mark.parametrize(
        "text",
        [
            "Maya Chen forgot her book.",
            "maya chen forgot her book.",
            "Chen, Maya; Prie, Jonas",
            "Is this Maya's essay? Chen’s essay!",
            "Write to maya.chen@school.example or MAYA.CHEN@SCHOOL.EXAMPLE.",
            f"Person {MAYA} and {str(MAYA).upper()}",
            "Ana de la Cruz and O'Brien-Smith",
        ],
    )
    def test_hides_every_name_and_puts_it_back(self, text):
        mask = masked()
        hidden = mask.text(text)
        for secret in ("maya", "chen", "prie", "jonas", "cruz", "brien", "smith", str(MAYA)):
            assert secret not in hidden.casefold()
        assert put_back(mask, hidden).casefold() == text.casefold()

    @pytest.mark.parametrize(
        "text", ["I will do it, and you will too.", "A smithy of la Mancha", "nobody@elsewhere.example", str(uuid4())]
    )
    def test_leaves_what_is_no_name(self, text):
        assert masked().text(text) == text

    def test_is_the_same_in_every_call_and_another_elsewhere(self):
        assert masked().text("Maya") == masked().text("Maya")
        assert masked().text("Maya") != masked(uuid4()).text("Maya")

    def test_keeps_what_belongs_together(self):
        hidden = masked().text("Maya Chen. Later Maya came.")
        first, _, later = hidden.partition(". Later ")
        assert later.split(" ")[0] == first.split(" ")[0]

    def test_covers_a_whole_request_and_leaves_its_frame(self):
        body = {
            "user": "maya.chen@school.example",
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "Ask Maya Chen."}]},
                {
                    "role": "assistant",
                    "tool_calls": [{"id": "Maya", "function": {"name": "Maya", "arguments": '"Maya"'}}],
                },
            ],
        }
        sent = masked().body(body)
        assert "user" not in sent
        call = sent["messages"][1]["tool_calls"][0]
        assert (call["id"], call["function"]["name"]) == ("Maya", "Maya")
        assert "Maya" not in call["function"]["arguments"]
        assert "Maya" not in str(sent["messages"][0])


class TestPuttingBack:
    @given(st.lists(st.integers(0, 90), max_size=12))
    def test_does_not_mind_where_the_answer_is_cut(self, cuts):
        mask = masked()
        said = "Dear Maya Chen, write to maya.chen@school.example. In summa: Maya, in name"
        hidden = mask.text(said)
        assert put_back(mask, hidden, *(min(cut, len(hidden)) for cut in cuts)) == said

    @given(st.text(alphabet="namilde_@.x27 NAMID", max_size=60), st.lists(st.integers(0, 60), max_size=5))
    def test_leaves_every_other_text_as_it_is(self, text, cuts):
        assert put_back(masked(), text, *(min(cut, len(text)) for cut in cuts)) == text

    def test_does_not_mind_how_the_model_writes_a_token(self):
        mask = masked()
        hidden = mask.text("Maya")
        assert put_back(mask, hidden.lower() + " " + hidden.upper()) == "Maya Maya"

    def test_tells_no_name_that_was_not_sent(self):
        token = masked().text("Maya")
        assert put_back(masked(), token) == token
