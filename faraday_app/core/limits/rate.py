"""How often: the generic cell rate algorithm, counted in this process."""

import time

MOST_KEYS = 50_000


class Rate:
    """``per_second`` on average and ``burst`` at once, for each key on its own."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._interval = 1 / per_second
        self._tolerance = burst * self._interval
        self._due: dict[str, float] = {}

    def take(self, key: str) -> float:
        """0 when the key may go on, else the seconds until it may. A refused call does not count."""
        now = time.monotonic()
        due = max(self._due.get(key, now), now)
        if due + self._interval - now > self._tolerance:
            return due + self._interval - now - self._tolerance
        if len(self._due) >= MOST_KEYS:
            self._due = {key: due for key, due in self._due.items() if due > now}
        self._due[key] = due + self._interval
        return 0.0
