"""What becomes of an open page when its address is blocked."""

import asyncio
from dataclasses import replace

import pytest
import socketio

from faraday_app.core.addresses import Kind
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.security.service import addresses, sessions
from faraday_app.ui.session import Viewer
from tests.sockets import Tab, tab


async def _cookie(actor: Actor) -> str:
    async with transaction(Actor.system(actor.organization)) as session:
        return (await sessions.open_session(session, actor.user, actor.organization, "127.0.0.1", "Tab"))[1]


class TestOpenTab:
    async def test_is_sent_away_and_cut_off_at_once(self, served, cast):
        keeper = replace(cast.administrator, address="203.0.113.5")
        cookie, other = await _cookie(cast.teacher), await _cookie(cast.stranger)
        async with tab(served.base, cookie) as page, tab(served.base, other) as elsewhere:
            for each in (page, elsewhere):
                await each.hydrate()
                await each.asked(f"{Viewer.get_full_name()}.enter")
            begin = len(page.frames)
            async with transaction(keeper) as session:
                await addresses.add_rule(session, keeper, addresses.Wanted(Kind.block, "127.0.0.1"))
            async with asyncio.timeout(10):
                while page._socket.connected:
                    await asyncio.sleep(0.02)
            assert r"[\"leave\"]" in "".join(page.frames[begin:])
            assert elsewhere._socket.connected
        with pytest.raises(socketio.exceptions.ConnectionError):
            await Tab().connect(served.base, cookie)
        async with tab(served.base, other):
            pass
