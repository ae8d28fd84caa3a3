"""The one way to a transaction, on connections that others may close."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text

from faraday_app.core.database import transaction
from faraday_app.core.errors import Unavailable
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings

_END = "select pg_terminate_backend(pid) from pg_stat_activity where pid = any(%s)"
_PID = text("select pg_backend_pid()")


async def test_a_connection_that_was_closed_while_it_rested_is_no_error():
    async def number() -> int:
        async with transaction(Actor.system()) as session:
            await asyncio.sleep(0.05)  # so that each takes its own connection
            return int(await session.scalar(_PID) or 0)

    resting = await asyncio.gather(*(number() for _ in range(3)))
    _terminate(resting)
    after = [await number() for _ in range(4)]
    assert not set(after) & set(resting)


async def test_one_that_is_closed_in_the_middle_is_and_changes_nothing():
    async def cut_off() -> None:
        async with transaction(Actor.system()) as session:
            _terminate([int(await session.scalar(_PID) or 0)])
            await session.execute(_PID)

    with pytest.raises(Unavailable):
        await cut_off()


def _terminate(pids: list[int]) -> None:
    url = settings().database_owner_url.get_secret_value().replace("+psycopg", "")
    with psycopg.connect(url) as owner:
        owner.execute(_END, [pids])
