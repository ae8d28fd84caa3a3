"""A tab belongs to one session, and a socket to one page of ours."""

import asyncio
import os
from uuid import uuid4

import httpx
import pytest
from redis.asyncio import Redis
from socketio.exceptions import ConnectionError as Refused

from faraday_app.core.database import transaction
from faraday_app.core.outbox import publish_now
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.security.service import sessions
from faraday_app.ui.session import Viewer
from tests.factories.guarded import OURS, PRIVATE, SIGN_IN, School, handlers, keeps_to, permission
from tests.factories.people import make_person
from tests.serving import Served
from tests.sockets import STATE, TOO_FAST, Tab, tab

LEAF = f"{Viewer.get_full_name()}.check"  # loads no other part of the state


class TestTakeover:
    """A tab token is no secret of much worth: whoever brings it along finds an empty tab."""

    async def _owned(self, served: Served, school: School, token: str) -> None:
        path = f"/assistant/{school.ids['context_id']}"
        async with tab(served.base, await school.cookie(school.cast.teacher), token) as owner:
            await owner.asked(f"{STATE}.hydrate_and_load", path=path)
            await owner.quiet(1)
            heard = "\n".join(owner.frames)
            assert f"{PRIVATE} title" in heard
            assert f"{OURS} Okafor" in heard
        await asyncio.sleep(0.2)

    async def _push(self, school: School) -> None:
        cast = school.cast
        await publish_now(
            f"context:{school.ids['context_id']}",
            f"conversations:{cast.teacher.user_id}",
            f"credits:{cast.teacher.user_id}",
            f"organization:{cast.organization_id}",
            f"presence:organization:{cast.organization_id}",
            f"presence:context:{school.ids['context_id']}",
            f"audit:{cast.organization_id}",
            f"rights:{cast.teacher.user_id}",
        )

    @pytest.mark.parametrize("kept", ["served", "shared"])
    @pytest.mark.parametrize("who", ["guest", "stranger", "student"])
    async def test_finds_nothing_of_its_owner(self, request, school, who, kept):
        served, token = request.getfixturevalue(kept), str(uuid4())
        await self._owned(served, school, token)
        actor = {"stranger": school.teacher_elsewhere, "student": school.cast.student}.get(who)
        async with tab(served.base, await school.cookie(actor) if actor else "", token) as thief:
            await self._push(school)
            await thief.quiet()
            await thief.asked(LEAF)
            await thief.hydrate()
            await self._push(school)
            await thief.quiet()
            heard = "\n".join(thief.frames)
            assert '"delta"' in heard
            assert PRIVATE not in heard
            assert f"{OURS} Okafor" not in heard
            assert school.ids["context_id"] not in heard

    async def test_gives_a_second_socket_a_token_of_its_own_while_the_owner_is_there(self, served, school):
        async with tab(served.base, await school.cookie(school.cast.teacher)) as owner:
            await owner.asked(f"{STATE}.hydrate_and_load", path=f"/assistant/{school.ids['context_id']}")
            async with tab(served.base, token=owner.token) as thief:
                await thief.hydrate()
                await self._push(school)
                await thief.quiet()
                heard = "\n".join(thief.frames)
                assert "new_token" in heard
                assert PRIVATE not in heard


class TestUpload:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_has_no_door_beside_our_own_routes(self, served, method):
        async with httpx.AsyncClient() as client:
            response = await client.request(method, f"{served.base}/_upload", headers={"Reflex-Client-Token": "x"})
        assert response.status_code == 404


class TestSocket:
    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1"])
    async def test_is_closed_to_other_websites(self, served, origin):
        with pytest.raises(Refused):
            await Tab().connect(served.base, origin=origin)

    async def test_slows_a_flood_down_and_says_so_once(self, served, school):
        flooder = await make_person(school.cast.stranger.organization, Role.teacher, "Ivo Fast")
        await keeps_to(school.cast.stranger, flooder, per_minute=6, burst=20)  # however slow this machine is today
        async with tab(served.base, await school.cookie(flooder)) as page:
            await page.hydrate()
            for _ in range(200):
                await page.say(f"{STATE}.set_is_hydrated", {"value": True})
            await page.quiet()
            assert sum(TOO_FAST in frame for frame in page.frames) > 150
        lines = [line for line in served.words().splitlines() if "events_limited" in line]
        assert len([line for line in lines if str(flooder.user_id) in line]) == 1

    async def test_forgets_rights_the_moment_the_session_ends(self, served, school):
        cookie = await school.cookie(school.teacher_elsewhere)
        async with tab(served.base, cookie) as page:
            await page.asked(f"{STATE}.hydrate_and_load")
            await page.quiet()
            assert "Igor Petrov" in "\n".join(page.frames)
            async with transaction(Actor.system(school.teacher_elsewhere.organization)) as session:
                row = await sessions.find_session(session, cookie)
                assert row
                await sessions.revoke_session(session, row.id)
            await page.quiet()
            begin = len(page.frames)
            handler = next(name for name in handlers() if permission(name) == Permission.assistant_use)
            assert SIGN_IN in await page.asked(handler)
            await page.hydrate()
            assert "Igor Petrov" not in "\n".join(page.frames[begin:])

    async def test_keeps_cookies_out_of_states_and_logs(self, served, school):
        cookie = await school.cookie(school.cast.teacher)
        async with tab(served.base, cookie) as page:
            await page.asked(f"{STATE}.hydrate_and_load")
            await page.asked(f"{STATE}.setvar", {"var_name": {"evil": [1]}})
            await page.quiet()
            assert cookie not in "\n".join(page.frames)
        assert cookie not in served.words()

    async def test_keeps_cookies_out_of_states_that_are_kept_in_redis(self, shared, school):
        cookie = await school.cookie(school.cast.teacher)
        async with tab(shared.base, cookie) as page, Redis.from_url(os.environ["REDIS_URL"]) as redis:
            await page.asked(f"{STATE}.hydrate_and_load")
            await page.quiet()
            kept = b"".join([await redis.get(key) or b"" async for key in redis.scan_iter(f"*{page.token}*")])
        assert b"sec-websocket-key" in kept
        assert cookie.encode() not in kept
