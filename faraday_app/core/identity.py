"""Who is behind a session token, remembered for seconds and forgotten the moment their rights change."""

import time
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from faraday_app.core.crypto import token_hash
from faraday_app.core.facts import Fact, listener
from faraday_app.core.permissions import Actor

Resolver = Callable[[str], Awaitable[Actor | None]]
SessionResolver = Callable[[UUID], Awaitable[Actor | None]]

REMEMBERED_FOR = 30.0  # seconds; facts end it sooner
MOST_REMEMBERED = 20_000


class Identities:
    """The seam between whoever must know who is acting and the domains that can tell."""

    def __init__(self) -> None:
        self._of_session: Resolver | None = None
        self._of_key: Resolver | None = None
        self._of_session_id: SessionResolver | None = None
        self._known: dict[str, tuple[float, Actor | None]] = {}
        self._asking: dict[str, tuple[str, UUID]] = {}
        self._going_on: dict[str, UUID] = {}
        self._changes = 0

    def install(self, of_session: Resolver, of_key: Resolver, of_session_id: SessionResolver | None = None) -> None:
        self._of_session, self._of_key, self._of_session_id = of_session, of_key, of_session_id
        listener.on_fact(self._forget)
        listener.on_gap(self._forget_all)

    async def of_session(self, token: str) -> Actor | None:
        """The actor of a session token with the rights of now; None for anything that is no live session."""
        if not token or self._of_session is None:
            return None
        return await self._remembered(token, partial(self._of_session, token))

    async def of_socket(self, token: str, socket: str) -> Actor | None:
        """The actor of an open page: of the token it was opened with, or of the session in which it confirmed."""
        actor = await self.of_session(token)
        session_id = self._going_on.get(f"{socket} {token}")
        if actor or session_id is None or self._of_session_id is None:
            return actor
        return await self._remembered(f"{socket} {token}", partial(self._of_session_id, session_id))

    def await_confirmation(self, page: str, token: str, socket: str, session_id: UUID) -> None:
        """The page of this name asks who is there. Confirmed under that name, its socket goes on with the session.

        The name is a secret between the page and its browser: whoever holds the old token elsewhere is left behind.
        """
        if len(self._asking) >= MOST_REMEMBERED:
            self._asking.clear()
        self._asking[token_hash(page)] = (f"{socket} {token}", session_id)

    async def _remembered(self, key: str, find: Callable[[], Awaitable[Actor | None]]) -> Actor | None:
        remembered = self._known.get(key)
        if remembered and remembered[0] > time.monotonic():
            return remembered[1]
        changes = self._changes
        actor = await find()
        # Without the listener a revocation could not reach us, and one that came meanwhile may not be in the answer.
        if listener.connected and changes == self._changes:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = (time.monotonic() + REMEMBERED_FOR, actor)
        return actor

    async def of_key(self, secret: str) -> Actor | None:
        return await self._of_key(secret) if self._of_key else None

    def _forget_all(self) -> None:
        self._changes += 1
        self._known.clear()

    def _forget(self, fact: Fact) -> None:
        kind, _, id = str(fact["topic"]).partition(":")
        if kind not in ("session", "rights"):
            return
        self._changes += 1
        self._known = {
            token: (until, actor)
            for token, (until, actor) in self._known.items()
            if actor and id not in (str(actor.session_id), str(actor.user_id), str(actor.organization_id))
        }
        asked = self._asking.pop(str(fact["id"]), None)
        if kind == "session" and asked and str(asked[1]) == id:
            if len(self._going_on) >= MOST_REMEMBERED:
                self._going_on.clear()
            self._going_on[asked[0]] = asked[1]


identities = Identities()
