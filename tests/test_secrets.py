"""Secrets are nowhere: not in the log, in an answer, in a frame of the socket, in Redis, in a job or in a table."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import httpx
import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from redis.asyncio import Redis
from sqlalchemy import make_url

from faraday_app.accounts import service as accounts
from faraday_app.core import vault
from faraday_app.core.database import transaction
from faraday_app.core.http import SESSION_COOKIE
from faraday_app.core.ids import new_id
from faraday_app.core.mail.models import OutgoingMail
from faraday_app.core.outbox import publish_now
from faraday_app.core.permissions import Actor, Role
from faraday_app.core.settings import settings
from faraday_app.gateway.state import ProviderKeysState
from faraday_app.organizations.service import invitations, people
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import api_keys
from faraday_app.security.state import EncryptionState, EventState, KeyActsState, KeysState
from tests.factories import models
from tests.factories.people import make_cast
from tests.serving import Served, serving
from tests.sockets import STATE, tab

pytestmark = pytest.mark.asyncio(loop_scope="session")
SMTP_PASSWORD = f"smtp-{secrets.token_hex(12)}"


@dataclass
class Seeded:
    """The secrets by what they are, and everything that was said to somebody."""

    actor: Actor
    email: str
    secrets: dict[str, str]
    provider_id: str
    heard: list[str] = field(default_factory=list)

    def found_in(self, text: str) -> list[str]:
        return [name for name, secret in self.secrets.items() if secret in text]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    smtp = f"smtp://faraday:{SMTP_PASSWORD}@127.0.0.1:1"
    with serving(tmp_path_factory.mktemp("secrets"), SMTP_URL=smtp) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def driven(served: Served) -> AsyncIterator[Seeded]:
    """Everything that handles a secret has been done, well and badly."""
    seeded = await _seed()
    await _sign_in(served, seeded)
    await _use_the_api(served, seeded)
    await _use_the_pages(served, seeded)
    await publish_now("mail:waiting")
    async with asyncio.timeout(20):
        while "mail_not_sent" not in served.words():
            await asyncio.sleep(0.2)
    yield seeded


async def _seed() -> Seeded:
    cast, password = await make_cast(), f"Pw-{secrets.token_hex(12)}"
    email, faraday = f"{new_id().hex}@test.example", Actor.system(cast.organization_id)
    async with transaction(faraday) as session:
        user = await accounts.create_user(session, faraday, "Ida Seed", email, password)
        await people.add_member(session, faraday, user.id, Role.administrator)
        actor = await member(session, user.id, cast.organization_id)
    assert actor
    async with transaction(actor) as session:
        _, key = await api_keys.create_api_key(session, actor, "Seeded", sorted(actor.permissions))
        _, invitation = await invitations.invite(session, actor, f"{new_id().hex}@test.example", Role.teacher)
    sealed, id = f"sealed-{secrets.token_hex(12)}", new_id()
    async with transaction(Actor.system()) as session:
        letter = await vault.seal(None, sealed, f"mail:{id}")
        session.add(OutgoingMail(id=id, recipient="x@test.example", subject="Seeded", sealed=letter))
    marks = {"password": password, "wrong password": f"Wrong-{secrets.token_hex(12)}", "API key": key[4:]}
    marks |= {"invitation token": invitation, "sealed text": sealed, "SMTP password": SMTP_PASSWORD}
    provider = await models.add_provider(actor)
    marks["provider key"] = f"sk-{secrets.token_hex(16)}"
    await models.add_key(actor, provider, secret=marks["provider key"])
    return Seeded(actor, email, marks | _of_the_installation(), str(provider.id))


def _of_the_installation() -> dict[str, str]:
    found = {"secret key": settings().key.decode()}
    for entry in (settings().data / "master-key").read_text().strip().split(","):
        name, _, master = entry.partition(":")
        found[f"master key {name}"] = master
    for variable in ("DATABASE_URL", "REDIS_URL"):
        if password := make_url(os.environ[variable]).password:
            found[f"password in {variable}"] = str(password)
    return found


async def _sign_in(served: Served, seeded: Seeded) -> None:
    wrong, right = seeded.secrets["wrong password"], seeded.secrets["password"]
    async with httpx.AsyncClient(base_url=served.base, headers={"Origin": served.base}) as guest:
        said = await guest.post("/auth/sign-in", data={"email": seeded.email, "password": right})
        seeded.secrets["session token"] = guest.cookies[SESSION_COOKIE]
        seeded.heard.append(said.text)
        guest.cookies.clear()
        for data in (
            {"email": seeded.email, "password": wrong},
            {"email": f"{wrong}@nowhere", "password": wrong},
            {"email": [seeded.email], "password": {"odd": wrong}},
        ):
            for accepts in ("application/json", "text/html"):
                said = await guest.post("/auth/sign-in", data=data, headers={"accept": accepts})
                seeded.heard += [said.text.replace(f"{wrong}@nowhere", ""), str(said.headers)]
        seeded.heard.append((await guest.post("/auth/invitation", data={"token": wrong, "password": wrong})).text)
        token = seeded.secrets["invitation token"]
        seeded.heard.append((await guest.post("/auth/invitation", data={"token": token, "password": "x"})).text)


async def _use_the_api(served: Served, seeded: Seeded) -> None:
    key = "fdy_" + seeded.secrets["API key"]
    bearer = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=f"{served.base}/api/v1", headers=bearer) as client:
        made = (await client.post("/api-keys", json={"name": "Made", "scopes": ["credits:read"]})).json()
        rotated = (await client.post(f"/api-keys/{made['id']}/rotate", json={})).json()
        seeded.secrets |= {"made key": made["secret"][4:], "rotated key": rotated["secret"][4:]}
        for path in ("/me", "/api-keys", "/api-keys/all", f"/api-keys/{made['id']}", "/audit", "/nowhere", "/people"):
            seeded.heard.append((await client.get(path)).text)
        seeded.heard.append((await client.get("/audit", params={"text": "key", "cursor": key})).text)
        for body in ({"name": 5, "scopes": key}, [key], key, {"name": "x", "scopes": ["x"], "expires_at": key}):
            seeded.heard.append((await client.post("/api-keys", json=body)).text)
        broken = await client.post(
            "/api-keys", content=f"{{{key}".encode(), headers={"Content-Type": "application/json"}
        )
        seeded.heard.append(broken.text)
        keys = f"/model-providers/{seeded.provider_id}/keys"
        for odd in ({"label": "Other"}, {"label": []}, {"label": "x", "more": seeded.secrets["provider key"]}):
            said = await client.post(keys, json={"secret": seeded.secrets["provider key"], **odd})
            seeded.heard += [said.text, (await client.get("/model-providers")).text]
        headers = {"Authorization": f"Bearer {key}x"}
        seeded.heard.append((await client.get("/me", headers=headers)).text)
        seeded.heard.append((await client.delete(f"/api-keys/{key}")).text)


async def _use_the_pages(served: Served, seeded: Seeded) -> None:
    cookie = seeded.secrets["session token"]
    async with tab(served.base, cookie) as page:
        for path in ("/", "/keys", "/encryption", "/people", "/audit", "/account", "/assistant", "/providers"):
            await page.asked(f"{STATE}.hydrate_and_load", path=path)
            await page.quiet()
        for state in (KeysState, KeyActsState, EventState, EncryptionState):
            for name in state.event_handlers:
                for odd in (
                    {"form": seeded.secrets["password"]},
                    {"key_id": cookie},
                    {"open": {"token": cookie}},
                    None,
                ):
                    await page.asked(f"{state.get_full_name()}.{name}", odd, path="/keys")
        keys = ProviderKeysState.get_full_name()
        await page.asked(f"{keys}.show", {"provider_id": seeded.provider_id}, path="/providers")
        for label in ("Another", "", "x" * 61):
            form = {"key_label": label, "key_secret": seeded.secrets["provider key"]}
            await page.asked(f"{keys}.add", {"form": form}, path="/providers")
        await page.asked(f"{STATE}.nothing_here", {"password": seeded.secrets["password"]})
        await page.asked(f"{STATE}.setvar", {"var_name": {"evil": cookie}})
        await page.quiet()
        seeded.heard += page.frames


async def test_were_driven_through(driven, served):
    """What is searched below is not empty."""
    assert len(driven.secrets) >= 12
    assert len("".join(driven.heard)) > 20_000
    assert "Ida Seed" in "".join(driven.heard)
    assert len(served.words()) > 500


async def test_are_not_in_the_log(driven, served):
    assert driven.found_in(served.words()) == []


async def test_are_in_no_answer_and_no_frame(driven):
    assert driven.found_in("\n".join(driven.heard)) == []


async def test_are_in_no_table(driven):
    """Neither in the audit trail, in the jobs and their events, nor in what a backup would hold."""
    dump = await asyncio.to_thread(_dump)
    assert b"Ida Seed" in dump
    assert b"procrastinate" in dump or b"sweep" in dump
    assert [name for name, secret in driven.secrets.items() if secret.encode() in dump] == []


async def test_are_not_in_redis(driven):
    kept = await _everything_in_redis()
    assert driven.found_in(kept) == []


def _dump() -> bytes:
    """Every table as COPY writes it, which is what pg_dump does."""
    owner = os.environ["DATABASE_OWNER_URL"].replace("+psycopg", "")
    found = b""
    with psycopg.connect(owner, options="-c app.system=on") as connection:
        tables = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        )
        for (name,) in tables.fetchall():
            query = sql.SQL("copy (select * from {}) to stdout").format(sql.Identifier(name))
            with connection.cursor().copy(query) as copy:
                found += name.encode() + b"\n" + b"".join(bytes(part) for part in copy)
    return found


async def _everything_in_redis() -> str:
    """As text of one letter a byte: other tests keep the states of tabs there, which are no text."""
    client = Redis.from_url(os.environ["REDIS_URL"], encoding="latin-1", decode_responses=True)
    found = []
    async for key in client.scan_iter():
        kind = await client.type(key)
        if kind == "none":  # it has run out since it was listed
            continue
        read = {
            "string": client.get,
            "list": lambda key: client.lrange(key, 0, -1),
            "set": client.smembers,
            "zset": lambda key: client.zrange(key, 0, -1, withscores=True),
            "hash": client.hgetall,
            "stream": client.xrange,
        }[kind]
        found.append(f"{key} {await read(key)}")
    await client.aclose()
    return "\n".join(found)
