"""How batches get to the database: at once while few are on their way, and together with others while many are.

No more than ``LANES`` messages are on their way at a time. What comes meanwhile waits for the next one, and goes with
all that waits for the same organisation: one transaction, with one commit and one wait for the disk. To a batch it
makes no difference: where one of them fails, or somebody else holds what it needs, nothing of the whole was done, and
each goes once more alone, past the lanes.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.errors import DeadlockDetected, DivisionByZero, InvalidSqlStatementName, LockNotAvailable
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import make_url

from faraday_app.core.errors import Unavailable
from faraday_app.core.settings import settings
from faraday_app.core.statements import Statement, message

LANES = 2
MOST = 16  # batches in a message
PATIENCE = 100  # milliseconds that a lane waits for what somebody else has locked
AWAY = "The database does not answer. Nothing was changed; please try again."
_SCOPE = (
    "select set_config('app.user_id', :user, true), set_config('app.organization_id', :organization, true),"
    " set_config('app.system', :system, true)"
)
_MAY_BE_LOST = "select set_config('synchronous_commit', 'off', true)"
_IMPATIENT = f"select set_config('lock_timeout', '{PATIENCE}', true)"


class Missed(Exception):
    """Something that had to be there was not: nothing of the batch was done."""


class _Busy(Exception):
    """Somebody else holds what it needs: nothing was done."""


class Kind(NamedTuple):
    """What can go together: of one organisation, and equally lasting."""

    organization_id: UUID | None
    may_be_lost: bool


class Sendable(Protocol):
    scope: Mapping[str, str]
    kind: Kind
    statements: list[Statement]
    first_lock: UUID


class _Waiting(NamedTuple):
    """``done`` tells whether it was done with the others, or must go alone."""

    batch: Sendable
    done: asyncio.Future[bool]


class _Sender:
    """Of one loop. Its connections grow with the calls, up to what the settings let a worker keep."""

    def __init__(self) -> None:
        url = make_url(settings().database_url.get_secret_value()).set(drivername="postgresql")
        self.pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            url.render_as_string(hide_password=False),
            # Each message is a transaction of its own.
            kwargs={"autocommit": True, "client_encoding": "utf8"},
            min_size=0,
            max_size=settings().database_pool,
            timeout=5,
            max_idle=60,
            open=False,
        )
        self._waiting: dict[Kind, deque[_Waiting]] = {}
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, batch: Sendable) -> None:
        if self._under_way < LANES:
            self._under_way += 1
            try:
                with suppress(_Busy):
                    await self._ship([batch], in_lane=True)
                    return
            finally:
                self._go_on()
        elif await self._with_others(batch):
            return
        await self._ship([batch])

    async def _with_others(self, batch: Sendable) -> bool:
        waiting = _Waiting(batch, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(batch.kind, deque()).append(waiting)
        return await waiting.done

    def _go_on(self) -> None:
        """A lane is free: for those who wait longest, one organisation after the other."""
        if not self._waiting:
            self._under_way -= 1
            return
        kind = next(iter(self._waiting))
        queue = self._waiting.pop(kind)
        group = [queue.popleft() for _ in range(min(len(queue), MOST))]
        if queue:
            self._waiting[kind] = queue
        task = asyncio.get_running_loop().create_task(self._together(group))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _together(self, group: list[_Waiting]) -> None:
        going = sorted((each for each in group if not each.done.done()), key=lambda each: each.batch.first_lock)
        done: bool | Unavailable = False
        try:
            if going:
                await self._ship([each.batch for each in going], in_lane=True)
            done = True
        except Unavailable as error:
            done = error
        except Exception:
            done = False  # Each learns alone whether it was the one that failed, and of what.
        finally:
            for each in (each for each in going if not each.done.done()):
                each.done.set_exception(done) if isinstance(done, Unavailable) else each.done.set_result(done)
            self._go_on()

    async def _ship(self, batches: Sequence[Sendable], *, in_lane: bool = False) -> None:
        """One message. In a lane nobody waits long for what others hold."""
        try:
            async with self.pool.connection() as connection:
                try:
                    await connection.execute(message(connection, _statements(batches, in_lane)))
                except InvalidSqlStatementName:  # somebody between us and the database lends connections
                    await connection.close()
                    raise
        except DivisionByZero:
            raise Missed from None
        except (LockNotAvailable, DeadlockDetected) as error:
            raise (_Busy if in_lane else Unavailable) from error
        except InvalidSqlStatementName as error:
            raise Unavailable from error
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise Unavailable(AWAY) from error


def _statements(batches: Sequence[Sendable], in_lane: bool) -> Iterator[Statement]:
    if in_lane:
        yield _IMPATIENT, {}
    if batches[0].kind.may_be_lost:
        yield _MAY_BE_LOST, {}
    scope: Mapping[str, str] = {}
    for batch in batches:
        if batch.scope != scope:
            scope = batch.scope
            yield _SCOPE, scope
        yield from batch.statements


_senders: dict[asyncio.AbstractEventLoop, _Sender] = {}


async def send(batch: Sendable) -> None:
    """Missed or Unavailable, as it is for ``Batch.run``."""
    loop = asyncio.get_running_loop()
    sender = _senders.get(loop)
    if sender is None:
        sender = _senders[loop] = _Sender()
        await sender.pool.open()
    await sender.send(batch)


async def close() -> None:
    """Of this loop, at its end."""
    if sender := _senders.pop(asyncio.get_running_loop(), None):
        with suppress(OperationalError):
            await sender.pool.close(1)
