"""Answers that take the same time whatever they say."""

import asyncio
import time


class Pace:
    """A time, begun now, before whose end no answer is given: how long the work took cannot be read from a clock."""

    def __init__(self, seconds: float) -> None:
        self._end = time.perf_counter() + seconds

    async def over(self) -> None:
        await asyncio.sleep(max(self._end - time.perf_counter(), 0))
