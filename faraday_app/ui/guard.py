"""Default-deny: every event of every page passes here, and what has no declared permission does not run."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, TypeVar

import reflex as rx
import structlog
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event, EventSpec
from reflex_base.registry import RegistrationContext
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, FaradayError, NotSignedIn
from faraday_app.core.http import session_token
from faraday_app.core.identity import identities
from faraday_app.core.limits import Rate
from faraday_app.core.log import reference
from faraday_app.core.permissions import Actor, Permission

PUBLIC = "public"
ENROLMENT = "/account"  # where a second factor is set up
EVENTS_PER_PERSON = Rate(per_second=20, burst=150)
EVENTS_PER_ADDRESS = Rate(per_second=1_000, burst=5_000)  # a whole school may sit behind one
FLOODS_LOGGED = Rate(per_second=0.1, burst=1)

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
    """The session token in the cookie with which this tab's websocket was opened."""
    headers = (state.router_data or {}).get("headers") or {}
    return session_token(str(headers.get("cookie", "")))


def socket_of(state: BaseState) -> str:
    """The socket of this tab: named by the server, and another one after every reconnection."""
    return str((state.router_data or {}).get("sid", ""))


def address_of(state: BaseState) -> str:
    return str((state.router_data or {}).get("ip", ""))


async def viewer_of(state: BaseState) -> Actor | None:
    """Who looks at this tab, with the rights of now."""
    actor = await identities.of_socket(token_of(state), socket_of(state))
    return actor and replace(actor, address=address_of(state))


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
    """Refuses, in this order: too many events, undeclared handlers, guests, the wrong role."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        _happening.set(event)
        actor = await viewer_of(state)
        if event.router_data and _too_many(state, actor):
            return _answer(rx.toast.warning("That was too fast. Please wait a moment."))
        if not await _bind(app, state, actor, event):
            return StateUpdate()
        permission = permission_of(event.name)
        if permission == PUBLIC:
            return None
        if permission is not None and actor is not None and actor.may(Permission(permission)):
            return None
        return _refuse(state, actor, event)


def _refuse(state: BaseState, actor: Actor | None, event: Event) -> StateUpdate:
    _log.warning("event_refused", handler=event.name, user_id=str(actor.user_id if actor else ""))
    if actor is None:
        return _answer(rx.call_script("window.location.assign('/sign-in')"))
    if actor.must_enrol:
        return StateUpdate() if _is_at(state, ENROLMENT) else _answer(rx.redirect(ENROLMENT))
    return _answer(rx.toast.error("You may not do this."))


def _too_many(state: BaseState, actor: Actor | None) -> bool:
    address = address_of(state)
    person = str(actor.user_id) if actor else f"guest {address}"
    if not (EVENTS_PER_PERSON.take(person) or EVENTS_PER_ADDRESS.take(address)):
        return False
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
        return rx.call_script("window.location.assign('/sign-in')")
    if isinstance(exception, ConfirmationWanted):
        from faraday_app.ui.confirmation import Confirming

        event = exception.event
        return Confirming.ask(event.name if event else "", event.payload if event else {})
    if isinstance(exception, FaradayError):
        return rx.toast.error(exception.message)
    number = reference()
    _log.error("event_failed", reference=number, exc_info=exception)
    return rx.toast.error(f"Something failed on our side. Please quote {number}.")
