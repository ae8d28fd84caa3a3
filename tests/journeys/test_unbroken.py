"""An answer reaches whoever asked: through a lost connection, and through a provider that dies in mid-sentence."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.factories.threads import in_thread
from tests.factories.upstream import Fault, Upstream, open_upstream
from tests.factories.wire import open_wire
from tests.journeys.assistant import (
    ANSWERED,
    LONG,
    answers,
    ask,
    last_answer,
    wait_for_some_text,
    wait_until_answered,
)
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def office(served) -> Iterator[httpx.Client]:
    """The administrator, over HTTP."""
    headers = {"Authorization": f"Bearer {served.account('administrator')['api_key']}"}
    with httpx.Client(base_url=f"{served.base}/api/v1", headers=headers) as client:
        yield client


def offer(office: httpx.Client, upstream: Upstream) -> str:
    """A model of this provider, which another goes on for."""
    place = {"name": "Far away", "base_url": upstream.url, "privacy": "own"}
    added = office.post("/model-providers", json=place).raise_for_status().json()
    wanted = {"name": "far-model", "label": "Far model", "context": 4096, "longest_answer": 60}
    model = office.post("/models", json=wanted | {"fallbacks": ["smollm2-135m"]}).raise_for_status().json()
    way = {"provider_id": added["id"], "upstream": "far", "version": model["version"]}
    office.post(f"/models/{model['id']}/deployments", json=way).raise_for_status()
    return str(model["name"])


class TestConnection:
    def test_pulled_in_mid_answer_goes_on_where_it_was(self, browser, served):
        with in_thread(open_wire()) as wire, browser.new_context(base_url=served.base, proxy=wire.proxy) as context:
            page = context.new_page()
            sign_in(page, served.account("teacher"))
            self._pull_and_put_back(page, wire)

    def _pull_and_put_back(self, page, wire):
        ask(page, LONG, anew=True)
        early = wait_for_some_text(page)
        wire.pull()
        expect(page.get_by_text("Reconnecting.")).to_be_visible(timeout=20_000)
        wire.put_back()
        wait_until_answered(page)
        shown = last_answer(page)
        assert shown.startswith(early[:20])
        page.reload()
        wait_until_answered(page)
        assert last_answer(page) == shown


class TestProvider:
    def test_killed_in_mid_sentence_is_gone_on_for_by_another(self, visit, office):
        words = tuple(f"word{number} " for number in range(40))
        with in_thread(open_upstream(words=words, pause=0.1, fault=Fault("reset", after=12))) as upstream:
            name = offer(office, upstream)
            page = visit("teacher")
            page.goto("/assistant")
            page.get_by_label("Model", exact=True).select_option(name)
            ask(page, "What is a leaf?")
            answer = page.locator("ol.messages > li").last
            expect(answer).to_contain_text("word11")
            expect(answer).to_contain_text(ANSWERED, timeout=90_000)
            expect(answer).to_contain_text(f"{name} stopped; smollm2-135m went on")
            assert answer.locator(".prose").inner_text().count("word11") == 1
        assert len(upstream.asked) >= 1
        assert answers(page).count() == 1
