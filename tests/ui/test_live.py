import asyncio
from contextlib import nullcontext
from contextvars import ContextVar
from types import SimpleNamespace

import pytest
import reflex as rx

from faraday_app.core.ids import new_id
from faraday_app.ui.live import Live

SECRET: ContextVar[str] = ContextVar("whose event is running", default="")


class PageState(rx.State):
    async def refresh(self): ...

    async def other(self): ...


class App:
    """What live needs of the app, and a record of what it was asked to run, and as whose event."""

    def __init__(self) -> None:
        self.sockets: dict[str, SimpleNamespace] = {}
        self.event_namespace = SimpleNamespace(_token_manager=SimpleNamespace(token_to_socket=self.sockets))
        self.event_processor = self
        self.calls: list[tuple[str, str, str]] = []

    def set_contexts(self):
        return nullcontext()

    async def enqueue(self, token, event):
        self.calls.append((token, event.name.rsplit(".", 1)[-1], SECRET.get()))
        return asyncio.ensure_future(asyncio.sleep(0))

    def tab(self, token: str, sid: str = "s1"):
        self.sockets[token] = SimpleNamespace(sid=sid)
        return SimpleNamespace(router=SimpleNamespace(session=SimpleNamespace(client_token=token, session_id=sid)))


@pytest.fixture
def app():
    return App()


@pytest.fixture
def live(app):
    live = Live()
    live.attach(app)
    return live


async def soon():
    await asyncio.sleep(0.05)


class TestSignal:
    async def test_calls_the_handler_of_every_tab_that_watches(self, live, app):
        for token in ("a", "b", "c"):
            await live.watch(app.tab(token), "page", {f"topic:{token != 'c'}": PageState.refresh}, new_id())
        live.signal("topic:True")
        await soon()
        assert sorted(app.calls) == [("a", "refresh", ""), ("b", "refresh", "")]

    async def test_takes_nothing_of_the_event_it_is_sent_from_to_another_tab(self, live, app):
        await live.watch(app.tab("a"), "page", {"topic": PageState.refresh}, new_id())
        SECRET.set("the cookie of somebody else")
        live.signal("topic")
        await soon()
        assert app.calls == [("a", "refresh", "")]

    async def test_reaches_only_the_socket_that_subscribed(self, live, app):
        await live.watch(app.tab("a", "s1"), "page", {"topic": PageState.refresh}, new_id())
        app.tab("a", "somebody else's socket")
        live.signal("topic")
        await soon()
        assert app.calls == []

    async def test_comes_once_for_many_facts_at_a_time_and_again_for_later_ones(self, live, app):
        await live.watch(app.tab("a"), "page", {"topic": PageState.refresh}, new_id(), most_often=0.4)
        for _ in range(20):
            live.signal("topic")
        await soon()
        assert len(app.calls) == 1
        live.signal("topic")
        await soon()
        assert len(app.calls) == 1
        await asyncio.sleep(0.4)
        assert len(app.calls) == 2


class TestLeave:
    async def test_ends_a_slot_and_those_below_it_only(self, live, app):
        tab, person = app.tab("a"), new_id()
        await live.watch(tab, "page", {"list": PageState.refresh}, person)
        await live.watch(tab, "page.run", {"run": PageState.refresh}, person)
        await live.watch(tab, "viewer", {"rights": PageState.other}, person)
        await live.leave(tab, "page")
        for topic in ("list", "run", "rights"):
            live.signal(topic)
        await soon()
        assert app.calls == [("a", "other", "")]
        assert not live.watched("run")


class TestWatch:
    async def test_of_somebody_else_in_the_same_tab_begins_anew(self, live, app):
        tab = app.tab("a")
        await live.watch(tab, "viewer", {"rights": PageState.other}, new_id())
        await live.watch(tab, "page", {"list": PageState.refresh}, new_id())
        live.signal("rights")
        live.signal("list")
        await soon()
        assert app.calls == [("a", "refresh", "")]
