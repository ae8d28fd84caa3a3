"""Whom a session token stands for is remembered, and never longer than it is true."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.core.facts import listener
from faraday_app.core.identity import Identities
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor


class Directory:
    """Who holds which token, and how often it was asked."""

    def __init__(self) -> None:
        self.actors: dict[str, Actor] = {}
        self.asked = 0

    async def __call__(self, token: str, **_: object) -> Actor | None:
        self.asked += 1
        found = self.actors.get(token)
        await asyncio.sleep(0.01)
        return found


@pytest.fixture
def directory():
    return Directory()


@pytest.fixture
def identities(directory, monkeypatch):
    monkeypatch.setattr(listener, "connected", True)
    identities = Identities()
    identities.install(directory, directory)
    return identities


@pytest.fixture
def maya(directory):
    directory.actors["maya's"] = Actor(new_id(), new_id(), session_id=new_id())
    return directory.actors["maya's"]


def hear(identities, topic):
    identities._forget({"topic": topic, "id": "", "version": 1})


class TestOfSession:
    async def test_asks_once_for_many_events(self, identities, directory, maya):
        assert [await identities.of_session("maya's") for _ in range(20)] == [maya] * 20
        assert directory.asked == 1

    async def test_asks_again_as_soon_as_the_session_or_the_rights_have_changed(self, identities, directory, maya):
        for topic in (f"session:{maya.session_id}", f"rights:{maya.user_id}"):
            await identities.of_session("maya's")
            before = directory.asked
            hear(identities, topic)
            await identities.of_session("maya's")
            assert directory.asked == before + 1

    async def test_keeps_whom_a_change_does_not_concern(self, identities, directory, maya):
        await identities.of_session("maya's")
        hear(identities, f"session:{new_id()}")
        hear(identities, f"context:{maya.user_id}")
        await identities.of_session("maya's")
        assert directory.asked == 1

    async def test_does_not_keep_an_answer_that_a_change_has_overtaken(self, identities, directory, maya):
        asking = asyncio.ensure_future(identities.of_session("maya's"))
        await asyncio.sleep(0)
        directory.actors.clear()
        hear(identities, f"session:{maya.session_id}")
        await asking
        assert await identities.of_session("maya's") is None

    async def test_keeps_nothing_while_no_change_would_be_heard(self, identities, directory, maya, monkeypatch):
        monkeypatch.setattr(listener, "connected", False)
        await identities.of_session("maya's")
        await identities.of_session("maya's")
        assert directory.asked == 2

    async def test_forgets_everybody_after_a_gap(self, identities, directory, maya):
        await identities.of_session("maya's")
        identities._forget_all()
        await identities.of_session("maya's")
        assert directory.asked == 2

    async def test_of_no_token_is_nobody_and_asks_nobody(self, identities, directory):
        assert await identities.of_session("") is None
        assert directory.asked == 0

    async def test_asks_again_when_time_alone_changes_the_rights(self, identities, directory, maya):
        directory.actors["maya's"] = replace(maya, changes_at=now() + timedelta(seconds=0.15))
        await identities.of_session("maya's")
        await identities.of_session("maya's")
        assert directory.asked == 1
        await asyncio.sleep(0.2)
        await identities.of_session("maya's")
        assert directory.asked == 2
