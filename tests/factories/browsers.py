"""Browsers without a window: they keep cookies and follow where routes lead."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from faraday_app.core.database import transaction
from faraday_app.core.http import SESSION_COOKIE, install_problem_handlers
from faraday_app.core.identity import identities
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.organizations.auth import router
from faraday_app.organizations.service import actor_of_key, actor_of_session
from faraday_app.security.service import sessions

SITE = "http://localhost:3000"


@asynccontextmanager
async def open_browser(actor: Actor | None = None, address: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """At an address of its own, signed in as the actor if there is one."""
    identities.install(actor_of_session, actor_of_key)
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router)
    headers = {"accept": "application/json", "origin": SITE}
    transport = httpx.ASGITransport(app, client=(address or unique_address(), 1))
    async with httpx.AsyncClient(transport=transport, base_url=SITE, headers=headers) as browser:
        if actor:
            browser.cookies.set(SESSION_COOKIE, await session_of(actor), domain="localhost.local")
        yield browser


async def session_of(actor: Actor) -> str:
    async with transaction(Actor.system(actor.organization)) as session:
        return (await sessions.open_session(session, actor.user, actor.organization, "10.9.0.1", "Firefox"))[1]


def signed_in_with(browser: httpx.AsyncClient) -> str:
    """The newest session token in the browser; empty for a guest."""
    found = [cookie.value for cookie in browser.cookies.jar if cookie.name == SESSION_COOKIE]
    return str(found[-1]) if found else ""


def unique_address() -> str:
    """An address that nobody else in the tests has, of the range for documentation."""
    tail = new_id().hex[-16:]
    return "2001:db8:0:0:" + ":".join(tail[index : index + 4] for index in range(0, 16, 4))
