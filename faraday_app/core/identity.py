"""Who is behind a session token, remembered for seconds and forgotten the moment their rights change."""

import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from faraday_app.core import outbox
from faraday_app.core.clock import now
from faraday_app.core.facts import Fact, listener
from faraday_app.core.permissions import Actor

# Seconds. Facts end it sooner, and so do the end of the session and the moment at which time alone changes rights.
REMEMBERED_FOR = 30.0
MOST_REMEMBERED = 20_000


class SessionResolver(Protocol):
    """``by_person`` renews the idle time; ``open_page`` honours a token that was replaced a moment ago for longer.

    ``address`` is where it came from, for the record of a refusal.
    """

    async def __call__(self, token: str, *, by_person: bool, open_page: bool, address: str) -> Actor | None: ...


NOBODY = "nobody"

Key = tuple[str, str]
KeyResolver = Callable[[str, str], Awaitable[Actor | None]]
Renewal = Callable[[Actor], Awaitable[str]]


class Remembered(NamedTuple):
    until: float
    actor: Actor | None
    by_person: bool


class Identities:
    """The seam between whoever must know who is acting and the domains that can tell."""

    def __init__(self) -> None:
        self._of_session: SessionResolver | None = None
        self._of_key: KeyResolver | None = None
        self._renew: Renewal | None = None
        self._known: dict[Key, Remembered] = {}
        self._keys_of: dict[str, set[Key]] = {}  # by the ids of ``_ids_of``, so that a fact need not look at everybody
        self._changes = 0

    def install(self, of_session: SessionResolver, of_key: KeyResolver, renew: Renewal | None = None) -> None:
        self._of_session, self._of_key, self._renew = of_session, of_key, renew
        listener.on_fact(self._forget)
        outbox.HERE.append(self._forget)
        listener.on_gap(self._forget_all)

    async def of_session(
        self, token: str, *, by_person: bool = False, open_page: bool = False, address: str = ""
    ) -> Actor | None:
        """The actor of a session token with the rights of now; None for anything that is no live session.

        ``by_person`` tells that the person did something, which keeps the session from lapsing: what a page reads by
        itself does not. ``open_page`` is for a websocket, whose cookie is that of the moment it was opened.
        """

        async def resolve() -> Actor | None:
            if self._of_session is None:
                return None
            return await self._of_session(token, by_person=by_person, open_page=open_page, address=address)

        return await self._remembered((token, "open" if open_page else ""), resolve, by_person) if token else None

    async def of_key(self, secret: str, address: str) -> Actor | None:
        """The same for an API key that is used from an address; never beyond its expiry."""

        async def resolve() -> Actor | None:
            return await self._of_key(secret, address) if self._of_key else None

        actor = await self._remembered((secret, f"from {address}"), resolve) if secret else None
        return actor if actor is None or actor.expires_at is None or actor.expires_at > now() else None

    async def renewed(self, actor: Actor) -> str:
        """The new token of a session that is due for one; empty when it is not, or has just got it elsewhere."""
        return await self._renew(actor) if self._renew and actor.token_due else ""

    async def _remembered(
        self, key: Key, resolve: Callable[[], Awaitable[Actor | None]], by_person: bool = False
    ) -> Actor | None:
        remembered = self._known.get(key)
        if remembered and remembered.until > time.monotonic() and (remembered.by_person or not by_person):
            return remembered.actor
        changes = self._changes
        actor = await resolve()
        # Without the listener a revocation could not reach us, and one that came meanwhile may not be in the answer.
        if listener.connected and changes == self._changes:
            self._remember(key, Remembered(time.monotonic() + _good_for(actor), actor, by_person or actor is None))
        return actor

    def _remember(self, key: Key, found: Remembered) -> None:
        self._drop(key)
        if len(self._known) >= MOST_REMEMBERED:
            self._clear()
        self._known[key] = found
        for id in _ids_of(found.actor):
            self._keys_of.setdefault(id, set()).add(key)

    def _drop(self, key: Key) -> None:
        if found := self._known.pop(key, None):
            for id in _ids_of(found.actor):
                keys = self._keys_of[id]
                keys.discard(key)
                if not keys:
                    del self._keys_of[id]

    def _clear(self) -> None:
        self._known.clear()
        self._keys_of.clear()

    def _forget_all(self) -> None:
        self._changes += 1
        self._clear()

    def _forget(self, fact: Fact) -> None:
        kind, _, id = str(fact["topic"]).partition(":")
        if kind not in ("session", "rights", "api_keys"):
            return
        self._changes += 1
        for key in [*self._keys_of.get(id, ()), *self._keys_of.get(NOBODY, ())]:
            self._drop(key)


def _ids_of(actor: Actor | None) -> set[str]:
    """By which facts it is forgotten. Who was nobody may be somebody after any of them."""
    return {str(actor.session_id), str(actor.user_id), str(actor.organization_id)} if actor else {NOBODY}


def _good_for(actor: Actor | None) -> float:
    """Seconds for which an answer is true: until time alone changes the rights, or ends the session."""
    ends = [moment for moment in (actor.changes_at, actor.lapses_at) if moment] if actor else []
    return min([REMEMBERED_FOR, *(max((moment - now()).total_seconds(), 0.0) for moment in ends)])


identities = Identities()
