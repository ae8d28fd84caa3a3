"""What the edge notices in passing, kept in this worker until security writes it down: bounded, never waited for."""

from dataclasses import dataclass, field
from uuid import UUID

from faraday_app.core.permissions import Actor

MOST_PEOPLE = 1_000  # noticed between two readings; what is more is not noticed
MOST_NAMES = 10
MOST_KEYS = 20_000  # remembered with their addresses, so that each is written down once


@dataclass(slots=True)
class Seen:
    """How often somebody was refused, and some of what they asked for."""

    actor: Actor
    count: int = 0
    asked: set[str] = field(default_factory=set)


class Sightings:
    def __init__(self) -> None:
        self._refused: dict[UUID, Seen] = {}
        self._uses: dict[tuple[UUID, str], Actor] = {}
        self._known: set[tuple[UUID, str]] = set()

    def refused(self, actor: Actor, asked: str) -> None:
        """Somebody who is signed in asked for what their role does not allow."""
        if actor.user_id is None or (actor.user_id not in self._refused and len(self._refused) >= MOST_PEOPLE):
            return
        seen = self._refused.setdefault(actor.user_id, Seen(actor))
        seen.count += 1
        if len(seen.asked) < MOST_NAMES:
            seen.asked.add(asked[-100:])

    def key_used(self, actor: Actor) -> None:
        """An API key was used from an address: new to this worker or forgotten by it."""
        if actor.api_key_id is None or not actor.address or (place := (actor.api_key_id, actor.address)) in self._known:
            return
        if len(self._known) >= MOST_KEYS:
            self._known.clear()
        self._known.add(place)
        if len(self._uses) < MOST_PEOPLE:
            self._uses[place] = actor

    def take(self) -> tuple[list[Seen], list[Actor]]:
        """What was noticed since the last time."""
        refused, uses = list(self._refused.values()), list(self._uses.values())
        self._refused, self._uses = {}, {}
        return refused, uses


sightings = Sightings()
