"""Whatever a stranger says to the socket, nothing happens that may not, and nothing of others is heard."""

import asyncio
import inspect
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from reflex_base.registry import RegistrationContext
from socketio.exceptions import ConnectionError as Refused
from sqlalchemy import text

import faraday_app.faraday_app as roll_call
from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.outbox import publish_now
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.gateway import service as gateway
from faraday_app.organizations.models import Organization
from faraday_app.organizations.service import add_department, invitations
from faraday_app.security.service import api_keys, sessions
from faraday_app.ui.guard import PUBLIC, permission_of
from faraday_app.ui.session import Viewer
from tests.factories import contexts
from tests.factories.people import Cast, make_cast, make_person
from tests.serving import Served, serving
from tests.sockets import STATE, TOO_FAST, Tab, tab

PRIVATE = "Qorvex"  # in what only some of the school may see
OURS = "Zandril"  # in what only the school may see
LEAF = f"{Viewer.get_full_name()}.check"  # loads no other part of the state
SIGN_IN = r"[\"sign_in\"]"
REFUSALS = ("You may not do this.", SIGN_IN)
GARBAGE = [{"evil": [1]}, None, "\x00", -1, [[]], "x" * 5_000]


@dataclass(frozen=True)
class School:
    """The school that strangers ask about, with words in it that they must never hear."""

    cast: Cast
    ids: dict[str, str]
    teacher_elsewhere: Actor

    async def cookie(self, actor: Actor) -> str:
        async with transaction(Actor.system(actor.organization)) as session:
            return (await sessions.open_session(session, actor.user, actor.organization, "10.2.0.1", "Tab"))[1]

    async def trace(self) -> list[Any]:
        """How much there is of everything the school owns."""
        tables = ("memberships", "invitations", "contexts", "context_members", "messages", "runs", "api_keys",
                  "credit_entries", "credit_holds", "departments", "roles", "role_rules")  # fmt: skip
        query = "select (select string_agg(role || version || coalesce(deactivated_at::text, ''), ',' order by id)"
        query += " from memberships where organization_id = :id),"
        query += " (select count(*) from audit_events where organization_id = :id and action <> 'access.refused'"
        query += " and actor_id is distinct from :student)"  # who may see to their own account
        query += "".join(f", (select count(*) from {table} where organization_id = :id)" for table in tables)  # noqa: S608
        async with transaction(Actor.system(self.cast.organization_id)) as session:
            return list((await session.execute(text(query), {"id": self.cast.organization_id})).one())


def _handlers() -> list[str]:
    with roll_call.app.set_contexts():
        registered = RegistrationContext.get().event_handlers
    # States that other tests declare for themselves are not served.
    return sorted(name for name in registered if ".tests___" not in name)


def _permission(handler: str) -> Permission | str | None:
    with roll_call.app.set_contexts():
        return permission_of(handler)


def _arguments(handler: str) -> list[str]:
    with roll_call.app.set_contexts():
        found = RegistrationContext.get().event_handlers[handler].handler.fn
    return list(inspect.signature(found).parameters)[1:]


@pytest_asyncio.fixture(scope="module")
async def school() -> School:
    cast = await make_cast()
    organization, owner = cast.organization_id, cast.teacher
    async with transaction(Actor.system(organization)) as session:
        (await session.get_one(Organization, organization)).name = f"{OURS} School"
        (await session.get_one(User, owner.user)).name = f"{OURS} Okafor"
        await add_department(session, Actor.system(organization), f"{OURS} Science")
    async with transaction(cast.administrator) as session:
        await invitations.invite(session, cast.administrator, f"{PRIVATE}@test.example", Role.aide)
    async with transaction(owner) as session:
        key, _ = await api_keys.create_api_key(session, owner, f"{PRIVATE} key", [Permission.home_read])
    await contexts.fund(cast, owner)
    context_id = await contexts.begin(owner, f"{PRIVATE} title")
    with pytest.MonkeyPatch.context() as patch:
        short = tuple(replace(model, longest_answer=4) for model in gateway.catalogue())
        patch.setattr(gateway, "catalogue", lambda: short)
        run = await contexts.ask(owner, context_id, f"{PRIVATE} question")
        await contexts.finish(run)
    ids = {
        "context_id": str(context_id),
        "message_id": str(run.message_id),
        "user_id": str(owner.user_id),
        "key_id": str(key.id),
        "id": str(context_id),
    }
    return School(cast, ids, await make_person(cast.stranger.organization, Role.teacher, "Igor Petrov"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("guard")) as running:
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """As with several workers: the states of tabs are kept in Redis, part by part."""
    with serving(tmp_path_factory.mktemp("guard"), REFLEX_REDIS_URL=os.environ["REDIS_URL"]) as running:
        yield running


@pytest.fixture(autouse=True)
async def calm(school) -> AsyncIterator[None]:
    """Nothing happens to the school in any of these tests."""
    before = await school.trace()
    yield
    assert await school.trace() == before


def _plausible(school: School, handler: str) -> dict[str, Any]:
    """What a page of the school's own teacher would send."""
    form = {"message": "Hello", "edited": "Hello", "title": "Taken", "amount": "5", "email": "x@test.example",
            "role": "administrator", "name": "Taken", "memo": "Taken", "scopes": "home:read", **school.ids}  # fmt: skip
    return {
        name: form if "form" in name or name == "data" else school.ids.get(name, school.ids["user_id"])
        for name in _arguments(handler)
    }


def _payloads(school: School, handler: str, turn: int) -> list[Any]:
    names = _arguments(handler) or ["unknown"]
    return [_plausible(school, handler), {name: GARBAGE[turn % len(GARBAGE)] for name in names}]


async def _try_everything(served: Served, school: School, actor: Actor | None) -> str:
    """Every handler with sense and nonsense, where it is not allowed: refused. All that was heard."""
    path = f"/assistant/{school.ids['context_id']}"
    async with tab(served.base, await school.cookie(actor) if actor else "") as stranger:
        await stranger.hydrate(path)
        for turn, handler in enumerate(_handlers()):
            allowed = _permission(handler)
            begin, payloads = len(stranger.frames), _payloads(school, handler, turn)
            answer = await stranger.asked(handler, *payloads, path=path)
            if allowed != PUBLIC and not (actor and allowed and actor.may(Permission(allowed))):
                refusals = sum(answer.count(words) for words in REFUSALS)
                assert refusals == len(payloads), f"{handler} was not refused: {answer[:300]}"
                assert actor or not stranger.changed(begin), handler
        await stranger.quiet()
        await stranger.hydrate(path)
        return "\n".join(stranger.frames)


class TestEveryHandler:
    async def test_is_refused_to_guests(self, served, school):
        heard = await _try_everything(served, school, None)
        assert PRIVATE not in heard
        assert OURS not in heard

    async def test_is_refused_to_students_beyond_their_rights(self, served, school):
        assert PRIVATE not in await _try_everything(served, school, school.cast.student)

    async def test_tells_a_teacher_of_another_organization_nothing(self, served, school):
        heard = await _try_everything(served, school, school.teacher_elsewhere)
        assert PRIVATE not in heard
        assert OURS not in heard

    async def test_that_nobody_declared_is_refused_to_administrators(self, served, school):
        async with tab(served.base, await school.cookie(school.cast.administrator)) as page:
            await page.hydrate()
            for name in ("setvar", "set_conversation", "set_id"):
                answer = await page.asked(f"{STATE}.{name}", {"var_name": "is_hydrated", "value": "x"})
                assert '"x"' not in answer

    def test_is_known_to_this_test(self):
        assert len(_handlers()) > 30
        assert any(_permission(handler) is None for handler in _handlers()), "setvar is one"


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
        async with tab(served.base, await school.cookie(flooder)) as page:
            await page.hydrate()
            for _ in range(400):
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
            handler = next(name for name in _handlers() if _permission(name) == Permission.assistant_use)
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
