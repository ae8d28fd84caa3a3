"""Servers for journeys, in a thread of their own: Playwright keeps the event loop of the tests' own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def in_thread(opening: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """What an asynchronous ``with`` opens, kept open in another thread until the end of this block."""
    loop, opened, ended = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    found: list[T] = []

    async def keep() -> None:
        async with opening as server:
            found.append(server)
            opened.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(keep()))
    thread.start()
    try:
        assert opened.wait(10), "the server did not open"
        yield found[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()
