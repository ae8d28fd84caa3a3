"""Who is behind a session token, remembered for seconds and forgotten the moment their rights change."""

import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from faraday_app.core.clock import now
from faraday_app.core.facts import Fact, listener
from faraday_app.core.permissions import Actor

REMEMBERED_FOR = 30.0  # seconds; facts and the end of the session end it sooner
MOST_REMEMBERED = 20_000


class SessionResolver(Protocol):
    """``by_person`` renews the idle time; ``open_page`` honours a token that was replaced a moment ago for longer.

    ``address`` is where it came from, for the record of a refusal.
    """

    async def __call__(self, token: str, *, by_person: bool, open_page: bool, address: str) -> Actor | None: ...


KeyResolver = Callable[[str], Awaitable[Actor | None]]
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
        self._known: dict[tuple[str, bool], Remembered] = {}
        self._changes = 0

    def install(self, of_session: SessionResolver, of_key: KeyResolver, renew: Renewal | None = None) -> None:
        self._of_session, self._of_key, self._renew = of_session, of_key, renew
        listener.on_fact(self._forget)
        listener.on_gap(self._forget_all)

    async def of_session(
        self, token: str, *, by_person: bool = False, open_page: bool = False, address: str = ""
    ) -> Actor | None:
        """The actor of a session token with the rights of now; None for anything that is no live session.

        ``by_person`` tells that the person did something, which keeps the session from lapsing: what a page reads by
        itself does not. ``open_page`` is for a websocket, whose cookie is that of the moment it was opened.
        """
        if not token or self._of_session is None:
            return None
        key = token, open_page
        remembered = self._known.get(key)
        if remembered and remembered.until > time.monotonic() and (remembered.by_person or not by_person):
            return remembered.actor
        changes = self._changes
        actor = await self._of_session(token, by_person=by_person, open_page=open_page, address=address)
        # Without the listener a revocation could not reach us, and one that came meanwhile may not be in the answer.
        if listener.connected and changes == self._changes:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = Remembered(time.monotonic() + _keeps(actor), actor, by_person or actor is None)
        return actor

    async def of_key(self, secret: str) -> Actor | None:
        return await self._of_key(secret) if self._of_key else None

    async def renewed(self, actor: Actor) -> str:
        """The new token of a session that is due for one; empty when it is not, or has just got it elsewhere."""
        return await self._renew(actor) if self._renew and actor.token_due else ""

    def _forget_all(self) -> None:
        self._changes += 1
        self._known.clear()

    def _forget(self, fact: Fact) -> None:
        kind, _, id = str(fact["topic"]).partition(":")
        if kind not in ("session", "rights"):
            return
        self._changes += 1
        self._known = {
            key: known
            for key, known in self._known.items()
            if known.actor and id not in (str(known.actor.session_id), str(known.actor.user_id))
        }


def _keeps(actor: Actor | None) -> float:
    """Seconds for which an answer is true: nobody is remembered beyond the end of their session."""
    if actor is None or actor.lapses_at is None:
        return REMEMBERED_FOR
    return min(REMEMBERED_FOR, (actor.lapses_at - now()).total_seconds())


identities = Identities()
