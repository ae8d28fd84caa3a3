"""The one way to a transaction, on connections that others may close."""

import asyncio

import psycopg
import pytest
from sqlalchemy import event, text

from faraday_app.core.database import engine, transaction
from faraday_app.core.errors import Unavailable
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings

_END = "select pg_terminate_backend(pid) from pg_stat_activity where pid = any(%s)"
_PID = text("select pg_backend_pid()")
_TRANSACTION = text("select pg_current_xact_id()::text")
_SCOPE = text(
    "select current_setting('app.user_id', true), current_setting('app.organization_id', true),"
    " current_setting('app.system', true)"
)


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


async def test_begins_with_who_is_acting_in_one_message_and_ends_with_it():
    """No statement runs outside a transaction, and nothing of whoever acted before is left on the connection."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        said.append(statement)

    event.listen(engine().sync_engine, "before_cursor_execute", note)
    acting = Actor(new_id(), new_id())
    async with transaction(acting) as session:
        scope = (await session.execute(_SCOPE)).one()
        first = await session.scalar(_TRANSACTION)
        assert await session.scalar(_TRANSACTION) == first
    event.remove(engine().sync_engine, "before_cursor_execute", note)
    assert scope == (str(acting.user_id), str(acting.organization_id), "off")
    assert said[0].startswith("begin; select set_config(")
    assert said[1] == _SCOPE.text
    async with transaction(Actor.system()) as session:
        assert (await session.execute(_SCOPE)).one() == ("", "", "on")
        assert await session.scalar(_TRANSACTION) != first


async def test_what_was_rolled_back_leaves_nobody_acting():
    async with transaction(Actor.system()) as session:
        await session.rollback()
        scope = (await session.execute(_SCOPE)).one()
    assert [each or "" for each in scope] == ["", "", ""]
