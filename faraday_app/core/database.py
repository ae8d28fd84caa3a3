"""The engine, the table bases, and the one way to a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import DateTime, MetaData, text
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel

from faraday_app.core import closing, outbox
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, Unavailable
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.sending import AWAY
from faraday_app.core.settings import settings

_log = structlog.get_logger(__name__)

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def moment(**options: Any) -> Any:
    """A column for a timezone-aware time."""
    return Field(sa_type=DateTime(timezone=True), **options)


class Row(SQLModel):
    """A table row: UUIDv7 id and the time it was made."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = moment(default_factory=now)


class TenantRow(Row):
    """A row that belongs to one organisation and that row-level security hides from all others."""

    organization_id: UUID = Field(foreign_key="organizations.id", index=True)


@lru_cache(maxsize=1)
def engine() -> AsyncEngine:
    return create_async_engine(
        settings().database_url.get_secret_value(),
        pool_size=settings().database_pool,
        max_overflow=settings().database_pool,
        pool_timeout=5,
        pool_recycle=1800,
        hide_parameters=True,  # what people wrote stays out of the log
        connect_args={"autocommit": True},  # the driver begins nothing by itself: ``transaction`` does
    )


@lru_cache(maxsize=1)
def _sessions() -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine(), expire_on_commit=False, autoflush=True)


# One message to the database, where each part alone would be one: ids and these two words need no escaping.
_BEGIN = (
    "begin; select set_config('app.user_id', '{user}', true),"
    " set_config('app.organization_id', '{organization}', true), set_config('app.system', '{system}', true)"
)
_SCOPE = text(
    "select set_config('app.user_id', :user, true), set_config('app.organization_id', :organization, true),"
    " set_config('app.system', :system, true)"
)

_SYSTEM = text("select set_config('app.system', :system, true)")


async def enter_scope(session: AsyncSession, actor: Actor) -> None:
    """Tell PostgreSQL who is acting until the end of this transaction; row-level security goes by it."""
    await closing.write(session)
    await session.execute(_SCOPE, _scope(actor))


def _scope(actor: Actor) -> dict[str, str]:
    return {
        "user": str(UUID(str(actor.user_id))) if actor.user_id else "",
        "organization": str(UUID(str(actor.organization_id))) if actor.organization_id else "",
        "system": "on" if actor.is_system else "off",
    }


async def _begin(session: AsyncSession, actor: Actor) -> None:
    """Begin within the scope; once more where the connection had been closed while it rested: nothing was done yet."""
    statement = _BEGIN.format(**_scope(actor))
    try:
        await (await session.connection()).exec_driver_sql(statement)
    except (OperationalError, InterfaceError) as error:
        if not error.connection_invalidated:
            raise
        await session.rollback()
        await (await session.connection()).exec_driver_sql(statement)


@asynccontextmanager
async def transaction(actor: Actor) -> AsyncIterator[AsyncSession]:
    """One transaction as this actor: commits at the end, publishes its facts after, rolls back on any error."""
    try:
        async with _sessions()() as session:
            await _begin(session, actor)
            yield session
            await closing.commit(session)
            facts = outbox.taken_from(session)
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise Unavailable(AWAY) from error
    except DataError as error:
        _log.warning("value_refused", kind=type(error.orig).__name__)
        raise Invalid("Some of these characters or numbers cannot be stored.") from error
    await outbox.publish(facts)


@asynccontextmanager
async def as_faraday(session: AsyncSession) -> AsyncIterator[None]:
    """For what a person causes but may not see, such as telling another: row-level security lets all of it through.

    An error inside undoes the whole transaction, as it does anywhere else.
    """
    await session.flush()
    before = str(await session.scalar(text("select current_setting('app.system', true)")))
    await session.execute(_SYSTEM, {"system": "on"})
    yield
    await closing.write(session)
    await session.execute(_SYSTEM, {"system": before})
