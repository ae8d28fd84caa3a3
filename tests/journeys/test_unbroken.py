"""An answer reaches whoever asked: through a lost connection, and through a provider that dies in mid-sentence."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.factories.upstream import Fault, Upstream, open_upstream
from tests.journeys.assistant import (
    ANSWERED,
    LONG,
    answers,
    ask,
    last_answer,
    wait_for_some_text,
    wait_until_answered,
)

pytestmark = pytest.mark.browser


@contextmanager
def provider(**options: object) -> Iterator[Upstream]:
    """A provider in a thread of its own: Playwright keeps this one's event loop."""
    loop, opened = asyncio.new_event_loop(), threading.Event()
    ended, found = asyncio.Event(), []

    async def serve() -> None:
        async with open_upstream(**options) as upstream:
            found.append(upstream)
            opened.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert opened.wait(10)
        yield found[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)


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


class Plug:
    """The network between a page and Faraday, its sockets too: going offline alone leaves those open."""

    def __init__(self, page: Page) -> None:
        self._page, self._in, self._sockets = page, True, []
        page.route_web_socket("**/_event/**", self._open)

    def _open(self, socket: WebSocketRoute) -> None:
        if self._in:
            socket.connect_to_server()
            self._sockets.append(socket)
        else:
            socket.close()

    def pull(self) -> None:
        self._in = False
        self._page.context.set_offline(True)
        for socket in self._sockets:
            socket.close()
        self._sockets.clear()

    def put_back(self) -> None:
        self._in = True
        self._page.context.set_offline(False)


class TestConnection:
    def test_pulled_in_mid_answer_goes_on_where_it_was(self, visit):
        page = visit("teacher")
        plug = Plug(page)
        ask(page, LONG, anew=True)
        early = wait_for_some_text(page)
        plug.pull()
        expect(page.get_by_text("Reconnecting.")).to_be_visible(timeout=20_000)
        plug.put_back()
        wait_until_answered(page)
        shown = last_answer(page)
        assert shown.startswith(early[:20])
        page.reload()
        wait_until_answered(page)
        assert last_answer(page) == shown


class TestProvider:
    def test_killed_in_mid_sentence_is_gone_on_for_by_another(self, visit, office):
        words = tuple(f"word{number} " for number in range(40))
        with provider(words=words, pause=0.1, fault=Fault("reset", after=12)) as upstream:
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
