"""Open browser tabs, as their states see them."""

from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

import reflex as rx
from reflex.istate.data import RouterData
from reflex_base.event import Event

from faraday_app.core.database import transaction
from faraday_app.core.http import SESSION_COOKIE, sockets
from faraday_app.core.identity import identities
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import actor_of_key, actor_of_session
from faraday_app.security.service import sessions

Page = TypeVar("Page", bound=rx.State)


@lru_cache(maxsize=1)
def _install() -> None:
    identities.install(actor_of_session, actor_of_key)


async def open_tab(actor: Actor, page: type[Page]) -> Page:
    """The page's state in a tab that the person is signed in to."""
    _install()
    async with transaction(Actor.system(actor.organization)) as session:
        _, token = await sessions.open_session(session, actor.user, actor.organization, "127.0.0.1", "Chromium")
    tab = rx.State(_reflex_internal_init=True)
    with sockets.opened(f"{SESSION_COOKIE}={token}") as reference:
        headers = {"cookie": f"{SESSION_COOKIE}={reference}", "origin": "http://localhost:3000"}
    tab.router_data = {"headers": headers, "ip": "127.0.0.1", "token": "tab", "sid": "socket", "pathname": "/"}
    tab.router = RouterData.from_router_data(tab.router_data)
    return await tab.get_state(page)


async def open_at(actor: Actor, page: type[Page], path: str, **query: str) -> Page:
    """The page's state in a tab that was opened at an address, after what happens on opening."""
    state = await open_tab(actor, page)
    root = state._get_root_state()
    address = {"pathname": path, "asPath": f"{path}?{urlencode(query)}", "query": query}
    root.router_data = {**root.router_data, **address}
    root.router = RouterData.from_router_data(root.router_data)
    await page.enter.fn(state)
    return state


def sent(spec: Any) -> dict[str, Any]:
    """What an event carries to the browser or to another handler, by name."""
    return Event.from_event_type([spec])[0].payload
