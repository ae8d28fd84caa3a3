"""Work that waits in a table until somebody claims it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

Claimed = TypeVar("Claimed")


class OneAtATime:
    """Whether this worker is at it already: a pile of such work leaves room for other jobs."""

    def __init__(self) -> None:
        self._busy = False

    async def all(
        self, claim: Callable[[], Awaitable[Claimed | None]], do: Callable[[Claimed], Awaitable[object]]
    ) -> int:
        """All that waits and nobody does; how much. Whoever is at it here takes what has come meanwhile too."""
        if self._busy:
            return 0
        self._busy = True
        count = 0
        try:
            while (claimed := await claim()) is not None:
                count += 1
                await do(claimed)
        finally:
            self._busy = False
        return count
