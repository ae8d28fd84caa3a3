from types import SimpleNamespace

import pytest
import reflex as rx
from reflex.istate.data import RouterData
from reflex_base.event import Event

import faraday_app.faraday_app as roll_call
from faraday_app.classes.state.making import NewClassState
from faraday_app.ui.guard import Guard
from faraday_app.ui.session import Viewer
from tests.factories.tabs import open_tab

HANDLER = f"{Viewer.get_full_name()}.check"


@pytest.fixture
async def tab(cast) -> rx.State:
    viewer = await open_tab(cast.teacher, Viewer)
    return viewer._get_root_state()


def _app(socket: str) -> SimpleNamespace:
    """An app in which the tab's token belongs to this socket."""
    sockets = {"tab": SimpleNamespace(sid=socket)}
    return SimpleNamespace(event_namespace=SimpleNamespace(_token_manager=SimpleNamespace(token_to_socket=sockets)))


async def _passes(tab: rx.State, event: Event, socket: str) -> bool:
    with roll_call.app.set_contexts():
        return await Guard().preprocess(_app(socket), tab, event) is None  # type: ignore[arg-type]


class TestPush:
    async def test_reaches_the_socket_that_spoke_for_the_tab(self, tab):
        assert await _passes(tab, Event(name=HANDLER, router_data={"sid": "first"}), "first")
        assert await _passes(tab, Event(name=HANDLER), "first")

    async def test_does_not_reach_a_socket_that_took_the_tab_over_meanwhile(self, tab):
        assert await _passes(tab, Event(name=HANDLER, router_data={"sid": "first"}), "first")
        assert not await _passes(tab, Event(name=HANDLER), "second")

    async def test_does_not_reach_a_tab_that_is_closed(self, tab):
        assert await _passes(tab, Event(name=HANDLER, router_data={"sid": "first"}), "first")
        assert not await _passes(tab, Event(name=HANDLER), "")


class TestDialogs:
    async def test_of_the_page_before_are_closed_before_anything_else_happens_on_the_next(self, tab):
        state = await tab.get_state(NewClassState)
        await _at(tab, "/classes")
        state.open = True
        await _at(tab, "/classes/")
        assert state.open
        await _at(tab, "/gradebook")
        assert not state.open
        state.open = True
        await _at(tab, "/gradebook")
        assert state.open


async def _at(tab: rx.State, path: str) -> None:
    """Some event from the page at this address."""
    tab.router_data = {**tab.router_data, "pathname": path, "asPath": path}
    tab.router = RouterData.from_router_data(tab.router_data)
    assert await _passes(tab, Event(name=HANDLER, router_data={"sid": "first"}), "first")
