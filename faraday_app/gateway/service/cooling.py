"""Who is left alone for a while: deployments that fail, and keys that are refused.

A deployment cools down after several failures in a row, longer each time. When the time is over, one call is let
through to see whether it works again (half open); the others go elsewhere until that is known.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

FAILURES_TO_OPEN = 3
SHORTEST, LONGEST = 5.0, 300.0  # seconds
PROBE_WITHIN = 60.0  # seconds in which the one call has to end


@dataclass(slots=True)
class _State:
    failures: int = 0
    opened: int = 0  # times in a row
    until: float = 0.0
    probing_until: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Cooling:
    """For how many seconds more, and why."""

    seconds: float
    why: str


class Coolers:
    """Circuit breakers by id. ``clock`` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, failures_to_open: int = FAILURES_TO_OPEN) -> None:
        self._clock = clock
        self._failures_to_open = failures_to_open
        self._states: dict[UUID, _State] = {}

    def cooling(self, id: UUID) -> Cooling | None:
        """Whether it is left alone; None when it may be asked, also for the one call that finds out."""
        state, at = self._states.get(id), self._clock()
        if state is None or not state.until:
            return None
        if at < state.until:
            return Cooling(state.until - at, state.why)
        if at < state.probing_until:
            return Cooling(state.probing_until - at, "One call is finding out whether it works again")
        return None

    def asked(self, id: UUID) -> None:
        """A call goes there now. After a cool-down it is the one that finds out."""
        state = self._states.get(id)
        if state and state.until:
            state.probing_until = self._clock() + PROBE_WITHIN

    def worked(self, id: UUID) -> None:
        self._states.pop(id, None)

    def failed(self, id: UUID, why: str) -> None:
        """Counted; a probe that fails cools down at once, for twice as long as before."""
        state = self._states.setdefault(id, _State())
        state.failures += 1
        if state.until or state.failures >= self._failures_to_open:
            self._open(state, min(SHORTEST * 2**state.opened, LONGEST), why)

    def rest(self, id: UUID, seconds: float, why: str) -> None:
        """Leave it alone for so long at once: it said so itself."""
        self._open(self._states.setdefault(id, _State()), min(max(seconds, 1.0), LONGEST), why)

    def given_up(self, id: UUID) -> None:
        """The call ended without telling anything, such as one that was stopped: the next finds out."""
        if state := self._states.get(id):
            state.probing_until = 0.0

    def forget(self) -> None:
        self._states.clear()

    def _open(self, state: _State, seconds: float, why: str) -> None:
        state.opened += 1
        state.failures = 0
        state.until, state.probing_until, state.why = self._clock() + seconds, 0.0, why
