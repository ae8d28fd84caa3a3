"""What the edge notices in passing, kept in this worker until security writes it down: bounded, never waited for."""

from uuid import UUID

from faraday_app.core.permissions import Actor

MOST_USES = 1_000  # noticed between two readings; what is more is not noticed
MOST_KEYS = 20_000  # remembered with their addresses, so that each is written down once


class Sightings:
    def __init__(self) -> None:
        self._uses: dict[tuple[UUID, str], Actor] = {}
        self._known: set[tuple[UUID, str]] = set()

    def key_used(self, actor: Actor) -> None:
        """An API key was used from an address: new to this worker or forgotten by it."""
        if actor.api_key_id is None or not actor.address or (place := (actor.api_key_id, actor.address)) in self._known:
            return
        if len(self._known) >= MOST_KEYS:
            self._known.clear()
        self._known.add(place)
        if len(self._uses) < MOST_USES:
            self._uses[place] = actor

    def take(self) -> list[Actor]:
        """Whose keys were used from somewhere new since the last time."""
        uses, self._uses = list(self._uses.values()), {}
        return uses


sightings = Sightings()
