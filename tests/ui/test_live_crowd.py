"""Many tabs that watch one thing: few are seen to at once, and what they show alike is read once."""

import asyncio
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
import reflex as rx

from faraday_app.core.errors import NotFound
from faraday_app.core.facts import listener
from faraday_app.core.ids import new_id
from faraday_app.ui import live as module
from faraday_app.ui.live import AT_ONCE, Live

TOPIC = "context:1"


class CrowdState(rx.State):
    async def refresh(self): ...


class App:
    """What live needs of the app. Each event takes as long as it is told, in seconds."""

    def __init__(self) -> None:
        self.sockets: dict[str, SimpleNamespace] = {}
        self.event_namespace = SimpleNamespace(_token_manager=SimpleNamespace(token_to_socket=self.sockets))
        self.event_processor = self
        self.calls: list[str] = []
        self.working = self.most_at_once = 0
        self.takes = 0.0

    def set_contexts(self):
        return nullcontext()

    async def enqueue(self, token, event):
        self.calls.append(token)
        return asyncio.ensure_future(self._work())

    async def _work(self):
        self.working += 1
        self.most_at_once = max(self.most_at_once, self.working)
        await asyncio.sleep(self.takes)
        self.working -= 1


@pytest.fixture
def app():
    return App()


@pytest.fixture
def crowd(app, monkeypatch):
    monkeypatch.setattr(listener, "connected", True)
    crowd = Live()
    crowd.attach(app)
    return crowd


async def open_tabs(crowd, app, count, **pace):
    for token in (f"tab {n}" for n in range(count)):
        app.sockets[token] = SimpleNamespace(sid=token)
        tab = SimpleNamespace(router=SimpleNamespace(session=SimpleNamespace(client_token=token, session_id=token)))
        await crowd.watch(tab, "page", {TOPIC: CrowdState.refresh}, new_id(), **pace)


def hear(crowd, topic=TOPIC):
    crowd._hear({"topic": topic, "id": "", "version": 1})


class TestCrowd:
    async def test_is_seen_to_a_few_at_a_time_so_that_those_who_click_do_not_wait(self, crowd, app):
        app.takes = 0.005
        await open_tabs(crowd, app, 20)
        hear(crowd)
        await asyncio.sleep(0.2)
        assert sorted(app.calls) == sorted(f"tab {n}" for n in range(20))
        assert app.most_at_once == AT_ONCE

    async def test_reads_once_for_all_facts_that_come_while_it_waits_its_turn(self, crowd, app):
        app.takes = 0.02
        await open_tabs(crowd, app, AT_ONCE * 3, most_often=0.0)
        for _ in range(100):
            hear(crowd)
        await asyncio.sleep(0.01)
        for _ in range(100):
            hear(crowd)
        await asyncio.sleep(0.3)
        assert len(app.calls) == AT_ONCE * 4  # only those whose turn had come are told once more

    async def test_what_stands_at_the_side_comes_later(self, crowd, app):
        await open_tabs(crowd, app, 1, after=0.1)
        hear(crowd)
        await asyncio.sleep(0.05)
        assert app.calls == []
        await asyncio.sleep(0.1)
        assert app.calls == ["tab 0"]

    async def test_is_seen_to_also_after_one_of_it_could_not_be(self, crowd, app, monkeypatch):
        await open_tabs(crowd, app, 1, most_often=0.0)
        enqueue, app.enqueue = app.enqueue, None
        hear(crowd)
        await asyncio.sleep(0.02)
        app.enqueue = enqueue
        hear(crowd)
        await asyncio.sleep(0.02)
        assert app.calls == ["tab 0"]

    async def test_does_not_wait_long_for_those_who_come_to_no_end(self, crowd, app, monkeypatch):
        monkeypatch.setattr(module, "LONGEST", 0.02)
        app.takes = 60
        await open_tabs(crowd, app, AT_ONCE + 1)
        hear(crowd)
        await asyncio.sleep(0.1)
        assert len(app.calls) == AT_ONCE + 1


class Reading:
    """Something to read that tells how often it was read."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> int:
        self.times += 1
        times = self.times
        await asyncio.sleep(0.01)
        return times


class TestShared:
    async def test_is_read_once_for_all_who_ask(self, crowd):
        read = Reading()
        assert set(await asyncio.gather(*(crowd.shared(TOPIC, "all", read) for _ in range(50)))) == {1}
        assert await crowd.shared(TOPIC, "all", read) == 1

    async def test_is_read_again_after_a_fact_about_it(self, crowd):
        read = Reading()
        await crowd.shared(TOPIC, "all", read)
        hear(crowd, "context:2")
        assert await crowd.shared(TOPIC, "all", read) == 1
        hear(crowd)
        assert await crowd.shared(TOPIC, "all", read) == 2

    async def test_begun_before_a_fact_does_not_serve_whoever_asks_after_it(self, crowd):
        read = Reading()
        early = asyncio.ensure_future(crowd.shared(TOPIC, "all", read))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        hear(crowd)
        assert await crowd.shared(TOPIC, "all", read) == 2
        assert await early == 1

    async def test_serves_one_scope(self, crowd):
        read = Reading()
        assert await crowd.shared(TOPIC, "members", read) == 1
        assert await crowd.shared(TOPIC, "guests", read) == 2

    async def test_refusal_is_the_askers_own(self, crowd):
        async def refuse():
            await asyncio.sleep(0.01)
            raise NotFound

        outsider = asyncio.ensure_future(crowd.shared(TOPIC, "all", refuse))
        await asyncio.sleep(0)
        assert await crowd.shared(TOPIC, "all", Reading()) == 1
        with pytest.raises(NotFound):
            await outsider
        assert await crowd.shared(TOPIC, "all", Reading()) == 1

    async def test_goes_on_for_the_others_when_whoever_asked_first_has_left(self, crowd):
        read = Reading()
        first = asyncio.ensure_future(crowd.shared(TOPIC, "all", read))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(crowd.shared(TOPIC, "all", read))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == 1

    async def test_is_not_kept_while_nobody_would_hear_of_a_change(self, crowd, monkeypatch):
        monkeypatch.setattr(listener, "connected", False)
        read = Reading()
        await crowd.shared(TOPIC, "all", read)
        assert await crowd.shared(TOPIC, "all", read) == 2

    async def test_is_forgotten_after_a_gap_and_after_a_while(self, crowd, monkeypatch):
        read = Reading()
        await crowd.shared(TOPIC, "all", read)
        crowd._hear_nothing()
        monkeypatch.setattr(module, "SHARED_FOR", 0.05)
        assert await crowd.shared(TOPIC, "all", read) == 2
        await asyncio.sleep(0.1)
        assert await crowd.shared(TOPIC, "all", read) == 3
        assert crowd._shared.keys() <= {TOPIC}
