"""The official client against ``/v1``: its ordinary calls, unchanged."""

from collections.abc import AsyncIterator

import httpx2
import openai
import pytest
from starlette.types import ASGIApp

from faraday_app.gateway import service as gateway
from tests.api.conftest import ADDRESS
from tests.factories import credits as money
from tests.factories import gateway as models
from tests.factories.api import make_key
from tests.factories.upstream import TOOL, WORDS, Fault, Upstream, open_upstream

TEXT = "".join(WORDS)
HELLO = [{"role": "user", "content": "Say hello."}]
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}]
SCHEMA = {
    "type": "json_schema",
    "json_schema": {
        "name": "sum",
        "schema": {"type": "object", "properties": {"sum": {"type": "integer"}}, "required": ["sum"]},
    },
}


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    models.forget_failures()
    async with open_upstream() as found:
        yield found


def client_of(web_app: ASGIApp, secret: str) -> openai.AsyncOpenAI:
    transport = httpx2.ASGITransport(web_app, raise_app_exceptions=False)
    http = httpx2.AsyncClient(transport=transport, timeout=90)
    return openai.AsyncOpenAI(base_url=f"{ADDRESS}/v1", api_key=secret, max_retries=0, http_client=http)


async def read(stream: openai.AsyncStream, seen: list[str]) -> None:
    async for chunk in stream:
        seen.append(chunk.choices[0].delta.content or "")


@pytest.fixture
async def client(web_app, funded, upstream) -> openai.AsyncOpenAI:
    provider = await models.make_provider(funded.organization_id, upstream, "sk-first")
    able = {"capabilities": ["tools", "json", "images"]}
    await models.make_model(funded.organization_id, "atlas", provider, **able)
    await models.make_model(funded.organization_id, "plain", provider)
    await models.make_model(funded.organization_id, "small", provider, category="embedding", longest_answer=1)
    return client_of(web_app, await make_key(funded.teacher))


class TestChat:
    async def test_gives_one_message_with_its_usage(self, client, upstream):
        found = await client.chat.completions.create(
            model="atlas", messages=HELLO, temperature=0.2, seed=4, stop=["END"], user="u-1", max_tokens=50
        )
        assert found.object == "chat.completion"
        assert found.choices[0].message.content == TEXT
        assert found.choices[0].finish_reason == "stop"
        assert found.model == "atlas"
        assert (found.usage.prompt_tokens, found.usage.completion_tokens, found.usage.total_tokens) == (7, 5, 12)
        sent = upstream.asked[0]
        assert (sent["temperature"], sent["seed"], sent["stop"], sent["user"]) == (0.2, 4, ["END"], "u-1")
        assert (sent["model"], sent["max_tokens"]) == ("up", 50)
        assert upstream.keys == ["sk-first"]

    async def test_tells_cost_model_and_way_in_its_headers(self, client, funded, upstream):
        before = await money.available(funded.teacher)
        raw = await client.chat.completions.with_raw_response.create(model="atlas", messages=HELLO)
        receipt = (await models.receipts(funded.organization_id))[0]
        assert raw.headers["x-faraday-cost"] == str(7 * 1 + 5 * 4)
        assert before - await money.available(funded.teacher) == 27
        assert raw.headers["x-faraday-model"] == "atlas"
        assert raw.headers["x-faraday-provider"] == f"Provider {upstream.port}"
        assert raw.headers["x-faraday-route"] == str(receipt.id)
        assert 0 < float(raw.headers["x-faraday-overhead-ms"]) < 5_000
        assert (receipt.outcome, receipt.purpose, receipt.cost) == ("answered", "api", 27)
        assert receipt.api_key_id

    async def test_streams_chunks_with_the_role_first_and_the_usage_last(self, client):
        stream = await client.chat.completions.create(
            model="atlas", messages=HELLO, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
        assert chunks[0].choices[0].delta.role == "assistant"
        assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == TEXT
        assert chunks[-2].choices[0].finish_reason == "stop"
        assert chunks[-1].choices == []
        assert chunks[-1].usage.total_tokens == 12
        assert len({chunk.id for chunk in chunks}) == 1
        assert {chunk.model for chunk in chunks} == {"atlas"}

    async def test_streams_without_usage_where_nobody_asked_for_it(self, client, funded):
        before = await money.available(funded.teacher)
        raw = await client.chat.completions.with_raw_response.create(model="atlas", messages=HELLO, stream=True)
        chunks = [chunk async for chunk in raw.parse()]
        assert all(chunk.choices for chunk in chunks)
        assert int(raw.headers["x-faraday-cost"]) > 27
        assert before - await money.available(funded.teacher) == 27

    @pytest.mark.parametrize("stream", [False, True])
    async def test_calls_tools(self, client, upstream, stream):
        upstream.calls_tool = True
        wanted = {"model": "atlas", "messages": HELLO, "tools": TOOLS, "tool_choice": "auto"}
        if stream:
            async with client.chat.completions.stream(**wanted) as events:
                found = await events.get_final_completion()
        else:
            found = await client.chat.completions.create(**wanted)
        (call,) = found.choices[0].message.tool_calls
        assert (call.id, call.type) == ("call_1", "function")
        assert (call.function.name, call.function.arguments) == (TOOL["name"], TOOL["arguments"])
        assert found.choices[0].finish_reason == "tool_calls"

    async def test_takes_what_a_tool_said(self, client, upstream):
        call = {"id": "call_1", "type": "function", "function": TOOL}
        said = [*HELLO, {"role": "assistant", "content": None, "tool_calls": [call]}]
        await client.chat.completions.create(
            model="atlas", messages=[*said, {"role": "tool", "tool_call_id": "call_1", "content": "4 °C"}]
        )
        assert upstream.asked[0]["messages"][-1]["content"] == "4 °C"

    async def test_takes_images(self, client, upstream):
        part = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 40_000}}
        messages = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, part]}]
        await client.chat.completions.create(model="atlas", messages=messages)
        assert upstream.asked[0]["messages"][0]["content"][1] == part
        with pytest.raises(openai.BadRequestError, match="images"):
            await client.chat.completions.create(model="plain", messages=messages)

    async def test_chooses_a_model_for_auto(self, client, upstream):
        found = await client.chat.completions.create(model="auto", messages=HELLO, tools=TOOLS)
        assert found.model == "atlas"

    async def test_passes_on_what_it_does_not_know(self, client, upstream):
        await client.chat.completions.create(model="atlas", messages=HELLO, extra_body={"mirostat": 2})
        assert upstream.asked[0]["mirostat"] == 2

    async def test_of_the_local_model_keeps_to_a_schema(self, client):
        found = await client.chat.completions.create(
            model=gateway.built_in().name,
            messages=[{"role": "user", "content": "What is 2 + 2?"}],
            response_format=SCHEMA,
            max_completion_tokens=40,
        )
        assert found.choices[0].message.content.lstrip().startswith("{")
        assert found.usage.completion_tokens > 0


class TestModels:
    async def test_are_those_of_the_organisation(self, client):
        found = [model.id async for model in client.models.list()]
        assert found == [gateway.built_in().name, "atlas", "plain", "small"]

    async def test_are_found_by_name(self, client):
        found = await client.models.retrieve("atlas")
        assert (found.id, found.object) == ("atlas", "model")
        with pytest.raises(openai.NotFoundError) as refused:
            await client.models.retrieve("org/unknown")
        assert refused.value.code == "model_not_found"


class TestEmbeddings:
    async def test_come_in_the_order_of_the_texts(self, client, funded, upstream):
        before = await money.available(funded.teacher)
        found = await client.embeddings.create(model="small", input=["One", "Two"])  # the client asks for base64
        assert [each.embedding for each in found.data] == [[0.5, -0.25, 0.0], [0.5, -0.25, 1.0]]
        assert found.usage.prompt_tokens == 6
        assert before - await money.available(funded.teacher) == 6
        assert upstream.asked[0]["encoding_format"] == "float"

    async def test_come_as_numbers_too(self, client):
        found = await client.embeddings.create(model="small", input="One", encoding_format="float")
        assert found.data[0].embedding == [0.5, -0.25, 0.0]

    async def test_are_for_models_that_make_them(self, client):
        with pytest.raises(openai.BadRequestError, match="embeddings"):
            await client.embeddings.create(model="atlas", input="One")
        with pytest.raises(openai.BadRequestError, match="messages"):
            await client.chat.completions.create(model="small", messages=HELLO)

    async def test_that_fail_cost_nothing(self, client, funded, upstream):
        upstream.fault = Fault("500")
        before = await money.available(funded.teacher)
        with pytest.raises(openai.InternalServerError):
            await client.embeddings.create(model="small", input="One")
        assert await money.available(funded.teacher) == before


class TestErrors:
    async def test_have_the_types_of_the_client(self, client, web_app, funded, upstream):
        with pytest.raises(openai.AuthenticationError) as unknown_key:
            await client_of(web_app, "fdy_wrong").models.list()
        assert unknown_key.value.code == "invalid_api_key"
        with pytest.raises(openai.NotFoundError) as unknown:
            await client.chat.completions.create(model="nope", messages=HELLO)
        assert (unknown.value.code, unknown.value.param) == ("model_not_found", "model")
        with pytest.raises(openai.BadRequestError) as long:
            await client.chat.completions.create(model="atlas", messages=[{"role": "user", "content": "x" * 60_000}])
        assert long.value.code == "context_length_exceeded"
        with pytest.raises(openai.BadRequestError) as lacks:
            await client.chat.completions.create(model="plain", messages=HELLO, tools=TOOLS)
        assert "tools" in lacks.value.message
        upstream.fault = Fault("bad_request")
        with pytest.raises(openai.BadRequestError) as theirs:
            await client.chat.completions.create(model="atlas", messages=HELLO)
        assert "colour" in theirs.value.message

    async def test_of_credits_are_402(self, web_app, client, funded):
        poor = client_of(web_app, await make_key(funded.aide))
        with pytest.raises(openai.APIStatusError) as refused:
            await poor.chat.completions.create(model="atlas", messages=HELLO)
        assert (refused.value.status_code, refused.value.code) == (402, "insufficient_quota")

    async def test_when_nobody_answers_are_503_and_cost_nothing(self, client, funded, upstream):
        upstream.fault = Fault("500")
        before = await money.available(funded.teacher)
        for stream in (False, True):
            with pytest.raises(openai.InternalServerError) as refused:
                await client.chat.completions.create(model="atlas", messages=HELLO, stream=stream)
            assert refused.value.status_code == 503
        assert await money.available(funded.teacher) == before
        assert {each.outcome for each in await models.receipts(funded.organization_id)} == {"failed"}

    async def test_in_the_middle_of_a_stream_are_its_last_line(self, client, funded, upstream):
        upstream.fault = Fault("error_in_200", after=2)
        before = await money.available(funded.teacher)
        stream, seen = await client.chat.completions.create(model="atlas", messages=HELLO, stream=True), []
        with pytest.raises(openai.APIError, match="does not answer"):
            await read(stream, seen)
        assert "".join(seen) == "One two "
        charged = before - await money.available(funded.teacher)
        assert charged > 0
        assert charged == (await models.receipts(funded.organization_id))[0].cost
