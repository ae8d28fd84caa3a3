"""The local model speaks the OpenAI protocol and stops when nobody listens."""

import time

import httpx
import pytest

from faraday_app.core.embedded import LocalModel


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory):
    model = LocalModel(tmp_path_factory.mktemp("model"))
    model.start()
    yield model
    model.stop()


def client(model: LocalModel) -> httpx.Client:
    return httpx.Client(base_url=model.url, headers={"Authorization": f"Bearer {model.key}"}, timeout=60)


def ask(words: str, **more: object) -> dict[str, object]:
    return {"model": "smollm2-135m", "messages": [{"role": "user", "content": words}], **more}


class TestLocalModel:
    def test_is_listed_by_its_name(self, model: LocalModel) -> None:
        with client(model) as http:
            assert http.get("/models").json()["data"][0]["id"] == "smollm2-135m"

    def test_needs_its_key(self, model: LocalModel) -> None:
        assert httpx.post(f"{model.url}/chat/completions", json=ask("Hello")).status_code == 401

    def test_lets_no_foreign_page_read(self, model: LocalModel) -> None:
        with client(model) as http:
            reply = http.get("/models", headers={"Origin": "https://elsewhere.example"})
        assert reply.headers.get("access-control-allow-origin") not in {"*", "null", "https://elsewhere.example"}

    def test_streams_and_counts_tokens(self, model: LocalModel) -> None:
        body = ask("Say hello.", stream=True, max_tokens=8, stream_options={"include_usage": True})
        with client(model) as http, http.stream("POST", "/chat/completions", json=body) as reply:
            lines = [line for line in reply.iter_lines() if line.startswith("data: ")]
        assert lines[-1] == "data: [DONE]"
        assert '"usage":{"completion_tokens":' in lines[-2]
        assert len(lines) > 3

    def test_answers_by_schema(self, model: LocalModel) -> None:
        schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
        form = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
        with client(model) as http:
            reply = http.post("/chat/completions", json=ask("A number?", response_format=form, max_tokens=30)).json()
        assert reply["choices"][0]["message"]["content"].strip().startswith("{")

    def test_stops_when_the_client_hangs_up(self, model: LocalModel) -> None:
        body = ask("Tell a very long story.", stream=True, max_tokens=3000, ignore_eos=True)
        with client(model) as http, http.stream("POST", "/chat/completions", json=body) as reply:
            next(reply.iter_lines())
        deadline = time.monotonic() + 5
        root = model.url.removesuffix("/v1")
        while busy := any(slot["is_processing"] for slot in self._slots(root, model)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert not busy

    def _slots(self, root: str, model: LocalModel) -> list[dict[str, object]]:
        return httpx.get(f"{root}/slots", headers={"Authorization": f"Bearer {model.key}"}).json()
