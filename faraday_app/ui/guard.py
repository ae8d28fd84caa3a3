"""Default-deny: every event of every page passes here, and what has no declared permission does not run."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import reflex as rx
import structlog
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event, EventSpec
from reflex_base.registry import RegistrationContext
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core import refusals
from faraday_app.core.abuse import Violation, abuse
from faraday_app.core.addresses import gate, normal
from faraday_app.core.context import begin_request
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, FaradayError, NotSignedIn
from faraday_app.core.http import SESSION_COOKIE, sockets
from faraday_app.core.identity import identities
from faraday_app.core.limits import Endpoint, Local, Rate
from faraday_app.core.limits.counting import takes_for
from faraday_app.core.limits.traffic import traffic
from faraday_app.core.log import reference
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui import browser

PUBLIC = "public"
EVENTS = Local()  # a tab belongs to one worker; see docs/decisions/0014
ENROLMENT = "/account"  # where a second factor is set up
FLOODS_LOGGED = Rate(per_second=0.1, burst=1)
HANG_UP_AFTER = 0.4  # seconds

# What the framework itself calls. `update_vars_internal` only ever sets browser-storage vars.
_FRAMEWORK = {
    "hydrate",
    "hydrate_and_load",
    "on_load_internal",
    "set_is_hydrated",
    "update_vars_internal",
    "handle_frontend_exception",
}
_log = structlog.get_logger(__name__)
Handler = TypeVar("Handler", bound=Callable[..., Any])
_happening: ContextVar[Event | None] = ContextVar("happening", default=None)


class ConfirmationWanted(Exception):
    """What a handler does needs a fresh proof of who is there. No FaradayError, so that no handler explains it away:
    it reaches ``explain``, which asks for the proof and has the event repeated."""

    def __init__(self, event: Event | None) -> None:
        super().__init__(ConfirmationNeeded.title)
        self.event = event


def allow(permission: Permission | str) -> Callable[[Handler], Handler]:
    """Declare who may call a handler. Stands below ``@rx.event``; without it nobody may."""

    def declare(handler: Handler) -> Handler:
        handler.__permission__ = permission
        return handler

    return declare


def permission_of(event_name: str) -> Permission | str | None:
    """The declared permission of an event by its full name; None denies."""
    registered = RegistrationContext.get().event_handlers.get(event_name)
    if registered is None:
        return None
    name = event_name.rsplit(".", 1)[-1]
    if registered.handler.fn.__module__.startswith("reflex") and name in _FRAMEWORK:
        return PUBLIC
    return getattr(registered.handler.fn, "__permission__", None)


def token_of(state: BaseState) -> str:
    """The token of the session with which this tab's websocket was opened."""
    return cookie_of(state, SESSION_COOKIE)


def cookie_of(state: BaseState, name: str) -> str:
    """A cookie with which this tab's websocket was opened."""
    headers = (state.router_data or {}).get("headers") or {}
    return sockets.cookie(str(headers.get("cookie", "")), name)


def address_of(state: BaseState) -> str:
    """Reflex takes it from the same configured proxies."""
    return normal(str((state.router_data or {}).get("ip", "")))


async def viewer_of(state: BaseState, *, by_person: bool = False) -> Actor | None:
    """Who looks at this tab, with the rights of now. ``by_person`` keeps the session from lapsing."""
    actor = await identities.of_session(token_of(state), by_person=by_person, open_page=True)
    return actor and actor.at(address_of(state))


@asynccontextmanager
async def acting(state: BaseState) -> AsyncIterator[tuple[AsyncSession, Actor]]:
    """One transaction as whoever looks at this tab."""
    actor = await viewer_of(state)
    if actor is None:
        raise NotSignedIn
    try:
        async with transaction(actor) as session:
            yield session, actor
    except ConfirmationNeeded:
        raise ConfirmationWanted(_happening.get()) from None


class Guard(rx.Middleware):
    """Refuses, in this order: blocked addresses, too many events, undeclared handlers, guests, the wrong role."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        _happening.set(event)
        begin_request()
        actor = await viewer_of(state, by_person=bool(event.router_data))
        if not await _admitted(state, actor):
            _hang_up(app, state)
            return _answer(browser.leave())
        if event.router_data and await _too_many(state, actor):
            return _answer(browser.toast("warning", "That was too fast. Please wait a moment."))
        if not await _bind(app, state, actor, event):
            return StateUpdate()
        return await _refused(state, actor, event)


async def _refused(state: BaseState, actor: Actor | None, event: Event) -> StateUpdate | None:
    permission = permission_of(event.name)
    if permission == PUBLIC:
        return None
    if permission is not None and actor is not None and actor.could(Permission(permission)):
        return None
    _log.warning("event_refused", handler=event.name, user_id=str(actor.user_id if actor else ""))
    await refusals.note(actor, _spoken(event.name) if permission else "something undeclared", str(permission or ""))
    if actor is None:
        return _answer(browser.sign_in())
    if actor.must_enrol:
        return StateUpdate() if _is_at(state, ENROLMENT) else _answer(rx.redirect(ENROLMENT))
    abuse.note(address_of(state), Violation.handler, actor.user_id, actor.organization_id)
    return _answer(browser.toast("error", "You may not do this."))


def _spoken(event_name: str) -> str:
    """A handler by its own name, without the address of its module."""
    return ".".join(event_name.rsplit("___", maxsplit=1)[-1].lstrip("_").split(".")[-2:])


async def _admitted(state: BaseState, actor: Actor | None) -> bool:
    address = address_of(state)
    if not await gate.admits_anybody(address):
        return False
    organization = actor.organization_id if actor else None
    return await gate.admits(address, organization, staff=bool(actor and actor.is_staff), api=False)


def _hang_up(app: rx.App, state: BaseState) -> None:
    """Close the socket, after the moment that the page needs to go elsewhere by itself."""
    namespace, sid = app.event_namespace, str((state.router_data or {}).get("sid", ""))
    if namespace and sid:
        loop = asyncio.get_running_loop()
        loop.call_later(HANG_UP_AFTER, lambda: loop.create_task(namespace.disconnect(sid)))


async def _too_many(state: BaseState, actor: Actor | None) -> bool:
    address = address_of(state)
    person = str(actor.user_id) if actor else f"guest {address}"
    allowed = EVENTS.take(await takes_for(Endpoint.events, actor, address)).allowed
    organization = str(actor.organization_id or "") if actor else ""
    traffic.note(
        Endpoint.events, organization, "person" if actor else "guest", f"person:{person}" if actor else address, allowed
    )
    if allowed:
        if actor:
            abuse.greet(address, actor.user_id)
        return False
    abuse.note(address, Violation.limit, actor and actor.user_id, actor.organization_id if actor else None)
    if not FLOODS_LOGGED.take(person):
        _log.warning("events_limited", user_id=str(actor.user_id if actor else ""), address=address)
    return True


async def _bind(app: rx.App, state: BaseState, actor: Actor | None, event: Event) -> bool:
    """A tab's state belongs to one session: whoever takes the tab over starts from an empty one.

    False for a push whose receiver is gone: another socket may hold the tab by now, and has not said yet whose it is.
    """
    from faraday_app.ui.session import Viewer

    viewer = await state.get_state(Viewer)
    session_id = str(actor.session_id) if actor else ""
    if event.router_data:
        if viewer._socket_id != event.router_data.get("sid"):
            viewer._socket_id = str(event.router_data.get("sid"))
    elif viewer._socket_id != _socket_of(app, state):
        return False
    if viewer._session_id not in ("", session_id):
        socket_id = viewer._socket_id
        await _empty(state)
        viewer._socket_id = socket_id
    if viewer._session_id != session_id:
        viewer._session_id = session_id
    if event.router_data:
        await viewer._close_dialogs()
    return True


def _socket_of(app: rx.App, state: BaseState) -> str:
    namespace, token = app.event_namespace, str((state.router_data or {}).get("token", ""))
    record = namespace._token_manager.token_to_socket.get(token) if namespace else None
    return record.sid if record else ""


async def _empty(state: BaseState) -> None:
    """Every part of it, also those that the event did not load."""
    root = state._get_root_state()
    router_data = root.router_data
    waiting = list(type(root).get_substates())
    while waiting:
        part = waiting.pop()
        waiting += part.get_substates()
        await root.get_state(part)
    root.reset()
    root.router_data = router_data


def _is_at(state: BaseState, path: str) -> bool:
    return str((state.router_data or {}).get("pathname", "")).rstrip("/") == path


def _answer(*events: Any) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(list(events)))


def explain(exception: Exception) -> EventSpec:
    """The one seam from an error in a handler to what the person reads."""
    if isinstance(exception, NotSignedIn):
        return browser.sign_in()
    if isinstance(exception, ConfirmationWanted):
        from faraday_app.ui.confirmation import Confirming

        event = exception.event
        return Confirming.ask(event.name if event else "", event.payload if event else {})
    if isinstance(exception, FaradayError):
        return browser.toast("error", exception.message)
    number = reference()
    _log.error("event_failed", reference=number, exc_info=exception)
    return browser.toast("error", f"Something failed on our side. Please quote {number}.", stays=True)
