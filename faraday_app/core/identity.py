"""Who is behind a session token, remembered for seconds and forgotten the moment their rights change."""

import time
from collections.abc import Awaitable, Callable

from faraday_app.core import outbox
from faraday_app.core.clock import now
from faraday_app.core.facts import Fact, listener
from faraday_app.core.permissions import Actor

Resolver = Callable[[str], Awaitable[Actor | None]]
KeyResolver = Callable[[str, str], Awaitable[Actor | None]]

REMEMBERED_FOR = 30.0  # seconds; facts end it sooner, and so does the moment at which time alone changes rights
MOST_REMEMBERED = 20_000


class Identities:
    """The seam between whoever must know who is acting and the domains that can tell."""

    def __init__(self) -> None:
        self._of_session: Resolver | None = None
        self._of_key: KeyResolver | None = None
        self._known: dict[str, tuple[float, Actor | None]] = {}
        self._changes = 0

    def install(self, of_session: Resolver, of_key: KeyResolver) -> None:
        self._of_session, self._of_key = of_session, of_key
        listener.on_fact(self._forget)
        outbox.HERE.append(self._forget)
        listener.on_gap(self._forget_all)

    async def of_session(self, token: str) -> Actor | None:
        """The actor of a session token with the rights of now; None for anything that is no live session."""
        return await self._remembered(token, token, self._of_session)

    async def of_key(self, secret: str, address: str) -> Actor | None:
        """The same for an API key that is used from an address; never beyond its expiry."""

        async def resolve(secret: str) -> Actor | None:
            return await self._of_key(secret, address) if self._of_key else None

        actor = await self._remembered(f"{secret} {address}", secret, resolve)
        return actor if actor is None or actor.expires_at is None or actor.expires_at > now() else None

    async def _remembered(self, remembered_as: str, secret: str, resolve: Resolver | None) -> Actor | None:
        if not secret or resolve is None:
            return None
        remembered = self._known.get(remembered_as)
        if remembered and remembered[0] > time.monotonic():
            return remembered[1]
        changes = self._changes
        actor = await resolve(secret)
        # Without the listener a revocation could not reach us, and one that came meanwhile may not be in the answer.
        if listener.connected and changes == self._changes:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[remembered_as] = (time.monotonic() + _good_for(actor), actor)
        return actor

    def _forget_all(self) -> None:
        self._changes += 1
        self._known.clear()

    def _forget(self, fact: Fact) -> None:
        kind, _, id = str(fact["topic"]).partition(":")
        if kind not in ("session", "rights", "api_keys"):
            return
        self._changes += 1
        self._known = {
            token: (until, actor)
            for token, (until, actor) in self._known.items()
            if actor and id not in (str(actor.session_id), str(actor.user_id))
        }


def _good_for(actor: Actor | None) -> float:
    """Seconds for which what the actor may cannot change by itself."""
    if actor is None or actor.changes_at is None:
        return REMEMBERED_FOR
    return min(REMEMBERED_FOR, max((actor.changes_at - now()).total_seconds(), 0.0))


identities = Identities()
