"""The chain against a provider that misbehaves: somebody finishes, what came stays, credits are charged once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
from aiohttp import ClientTimeout

from faraday_app.core.errors import Invalid
from faraday_app.core.ids import new_id
from faraday_app.gateway import service as gateway
from faraday_app.gateway.errors import ModelUnavailable, ProviderFailure
from faraday_app.gateway.service import asking, upstream, wire
from faraday_app.gateway.service.listening import Listener
from faraday_app.gateway.service.receipts import Attempt
from faraday_app.gateway.service.routing import route
from faraday_app.gateway.service.standing import here
from faraday_app.gateway.service.texts import Text
from faraday_app.gateway.service.tokens import Usage
from faraday_app.gateway.service.wire import pass_through
from tests.factories import gateway as models
from tests.factories.upstream import WORDS, Fault, Upstream, open_upstream
from tests.factories.ways import way

TEXT = "".join(WORDS)
BEFORE = ["500", "429", "401", "error_in_200", "reset", "nonsense"]
MIDDLE = ["half_line", "not_json", "error_in_200", "reset", "stop"]


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    models.forget_failures()
    monkeypatch.setattr(asking, "PAUSE", 0.001)


@pytest.fixture
async def first() -> AsyncIterator[Upstream]:
    async with open_upstream() as found:
        yield found


@pytest.fixture
async def second() -> AsyncIterator[Upstream]:
    async with open_upstream(words=("Six ", "seven.")) as found:
        yield found


@pytest.fixture
async def school(cast, first, second) -> UUID:
    id = cast.organization_id
    ways = (await models.make_provider(id, first, "a", "b"), await models.make_provider(id, second))
    await models.make_model(id, "atlas", *ways, capabilities=["tools"])
    return id


def call_of(organization_id: UUID, by: upstream.Upstream = pass_through, name: str = "atlas") -> gateway.Call:
    body = {"messages": [{"role": "user", "content": "Count."}]}
    receipt = gateway.Receipt("test", gateway.Asked(name, 20, 100))
    return gateway.Call(organization_id, body, receipt, wire=by)


async def text_of(call: gateway.Call) -> str:
    return "".join([piece.text async for piece in gateway.answer(call)])


class TestBeforeTheFirstPiece:
    @pytest.mark.parametrize("by", [pass_through, upstream.real], ids=["bare", "openai"])
    @pytest.mark.parametrize("kind", BEFORE)
    async def test_the_next_one_answers(self, school, first, kind, by):
        first.fault = Fault(kind)
        call = call_of(school, by)
        assert await text_of(call) == "Six seven."
        assert call.receipt.switched
        assert call.receipt.outcome == "answered"
        assert call.receipt.cost == 7 * 1 + 2 * 4  # whoever failed said nothing, and costs nothing

    async def test_a_fault_that_passes_is_tried_again(self, school, first):
        first.fault = Fault("500", times=1)
        call = call_of(school)
        assert await text_of(call) == TEXT
        assert [attempt.fault for attempt in call.receipt.attempts] == ["broken", ""]

    async def test_another_key_is_taken_at_once(self, school, first):
        first.fault = Fault("429", times=1, retry_after="30")
        call = call_of(school)
        assert await text_of(call) == TEXT
        assert set(first.keys) == {"a", "b"}
        await text_of(call_of(school))
        assert first.keys[-1] == first.keys[-2]  # the other one rests

    async def test_what_it_did_not_understand_is_not_asked_of_others(self, school, first, second):
        first.fault = Fault("bad_request")
        with pytest.raises(Invalid, match="colour"):
            await text_of(call_of(school))
        assert second.asked == []

    @pytest.mark.parametrize("kind", ["too_long", "policy"])
    async def test_only_those_are_asked_who_can_help(self, school, first, second, kind):
        first.fault = Fault(kind)
        with pytest.raises(ModelUnavailable):
            await text_of(call_of(school))
        assert second.asked == []

    async def test_a_larger_model_takes_what_did_not_fit(self, school, first, second):
        large = await models.make_provider(school, second, name="Large")
        await models.make_model(school, "large", large, context=32_000)
        small = await models.make_provider(school, first, name="Small")
        await models.make_model(school, "small", small, larger=["large"])
        first.fault = Fault("too_long")
        assert await text_of(call_of(school, name="small")) == "Six seven."

    async def test_a_silent_one_is_given_up(self, school, first, monkeypatch):
        await wire.close()
        monkeypatch.setattr(wire, "_TIMES", ClientTimeout(sock_read=0.2))
        first.fault = Fault("hang")
        assert await text_of(call_of(school)) == "Six seven."
        await wire.close()


class TestInTheMiddle:
    @pytest.mark.parametrize("kind", MIDDLE)
    async def test_what_came_stays_and_the_next_one_goes_on(self, school, first, second, kind):
        first.fault = Fault(kind, after=3)
        call = call_of(school)
        pieces = [piece async for piece in gateway.answer(call)]
        assert "".join(piece.text for piece in pieces) == "One two three Six seven."
        assert [piece.switched for piece in pieces].count(True) == 1
        told = second.asked[0]["messages"]
        assert told[-2] == {"role": "assistant", "content": "One two three "}
        assert call.receipt.answer_tokens == 3 + 2

    async def test_one_that_falls_silent_is_gone_on_for(self, school, first, second, monkeypatch):
        await wire.close()
        monkeypatch.setattr(wire, "_TIMES", ClientTimeout(sock_read=0.2))
        first.fault = Fault("hang", after=3)
        assert await text_of(call := call_of(school)) == "One two three Six seven."
        assert second.asked[0]["messages"][-2] == {"role": "assistant", "content": "One two three "}
        assert call.receipt.attempts[0].fault == "silent"
        await wire.close()

    async def test_half_a_call_of_a_tool_is_the_end(self, school, first, second):
        first.calls_tool, first.fault = True, Fault("stop", after=2)
        call = call_of(school)
        call.body["tools"] = [{"type": "function", "function": {"name": "weather"}}]
        with pytest.raises(ModelUnavailable):
            await text_of(call)
        assert second.asked == []

    async def test_whoever_leaves_ends_it_with_a_whole_receipt(self, school, first):
        first.pause = 0.01
        call = call_of(school)
        pieces = gateway.answer(call)
        assert (await anext(pieces)).text == "One "
        await pieces.aclose()
        assert call.receipt.answer_tokens == 1
        assert call.receipt.attempts[0].took_ms > 0


class TestUsage:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ({"prompt_tokens": 9, "completion_tokens": 4}, (9, 4)),
            ({"prompt_tokens": 10**9, "completion_tokens": 10**9}, (None, 5)),
            ({"prompt_tokens": -5, "completion_tokens": 4}, (None, 5)),
            ({"prompt_tokens": "many", "completion_tokens": None}, (None, 5)),
        ],
    )
    async def test_is_believed_where_it_can_be_true(self, school, first, said, expected):
        first.usage = said
        call = call_of(school)
        await text_of(call)
        prompt, answer = expected
        assert call.receipt.answer_tokens == answer
        assert call.receipt.prompt_tokens == prompt if prompt else 0 < call.receipt.prompt_tokens < 50

    async def test_is_counted_where_nobody_tells_it(self, school, first):
        first.tells_usage = False
        call = call_of(school)
        await text_of(call)
        assert call.receipt.answer_tokens == 5
        assert call.receipt.prompt_tokens > 0


class TestBreaker:
    async def test_leaves_alone_who_fails_and_asks_again_later(self, school, first, second):
        first.fault = Fault("500")
        for _ in range(3):
            await text_of(call_of(school))
        asked = len(first.asked)
        assert await text_of(call_of(school)) == "Six seven."
        assert len(first.asked) == asked
        first.fault = None
        here.deployments.forget()
        assert await text_of(call_of(school)) == TEXT


class TestTogether:
    """Chunks that one read brought."""

    def hear(self, *chunks):
        call = call_of(new_id())
        attempt = Attempt("atlas", way("first"))
        call.receipt.attempts.append(attempt)
        return Listener(call, attempt, Usage(call.body), Text("", None)).hear_all(list(chunks))

    def test_of_text_are_one_piece_and_calls_of_tools_stay_in_their_place(self):
        tool = {"tool_calls": [{"index": 0}]}
        deltas = [{"content": "One "}, {"content": "two"}, tool, {"content": "three"}, {"content": ""}]
        pieces = list(self.hear(*[{"choices": [{"delta": delta}]} for delta in deltas]))
        assert [(piece.text, piece.delta) for piece in pieces] == [("One two", None), ("", tool), ("three", None)]

    def test_are_passed_on_before_the_one_that_is_an_error(self):
        said = {"choices": [{"delta": {"content": "One "}}]}
        heard = self.hear(said, said, {"error": {"message": "The engine broke."}}, said)
        assert next(heard).text == "One One "
        with pytest.raises(ProviderFailure):
            next(heard)

    @pytest.mark.parametrize(
        ("lines", "count", "breaks"),
        [
            ([b'{"a": 1}', b"{}", b"[DONE]", b"{nonsense"], 2, False),
            ([b"{}", b"{nonsense", b"{}"], 1, True),
            ([b"{}", b"[1]"], 1, True),
            ([b"\xff"], 0, True),
            ([], 0, False),
        ],
    )
    def test_are_read_as_far_as_they_can_be(self, lines, count, breaks):
        chunks, failure = wire._chunks(lines)
        assert (len(chunks), failure is not None) == (count, breaks)


class TestPlanning:
    async def test_is_done_once_for_a_call_that_asks_for_the_same(self, school, monkeypatch):
        planned = []
        monkeypatch.setattr(asking.routing, "route", lambda *told: planned.append(told[0]) or route(*told))
        call = call_of(school)
        await gateway.planned(call)
        assert await text_of(call) == TEXT
        assert len(planned) == 1
        call.receipt.asked = replace(call.asked, most=1_000_000)
        await gateway.planned(call)
        assert len(planned) == 2
