"""What somebody has, what became of it, and how much each day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Select, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission
from faraday_app.credits.models import Account, AccountKind, Entry, Transfer, TransferKind
from faraday_app.credits.service.ledger import find_account
from faraday_app.organizations.service import people

PAGE = 25
MOST_LINES = 100
MOST_DAYS = 366
UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Balance:
    """Micro-credits: what can be spent now, and what running answers hold."""

    available: int
    held: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement in micro-credits. ``person`` gave a grant or, in the pool's statement, received it."""

    id: UUID
    at: datetime
    kind: TransferKind
    memo: str
    person: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class DayUsage:
    """Micro-credits spent on one day of the viewer's zone."""

    day: date
    spent: int


async def balance(session: AsyncSession, actor: Actor, user_id: UUID | None = None) -> Balance:
    """The actor's own wallet; for administrators a member's."""
    row = (
        await session.execute(
            select(func.coalesce(col(Account.balance), 0), col(Account.held)).where(
                col(Account.organization_id) == actor.organization,
                col(Account.kind) == AccountKind.wallet,
                col(Account.owner_id) == await _readable(session, actor, user_id),
            )
        )
    ).one_or_none()
    return Balance(row[0] - row[1], row[1]) if row else Balance(0, 0)


async def statement(
    session: AsyncSession,
    actor: Actor,
    before: UUID | None = None,
    limit: int = PAGE,
    user_id: UUID | None = None,
    *,
    pool: bool = False,
) -> list[Line]:
    """One page of the actor's own entries, newest first; for administrators a member's, or the pool's.

    ``before`` is the id of a line: the keyset of the pager.
    """
    if pool:
        actor.must(Permission.credits_grant)
        account = await find_account(session, actor.organization, AccountKind.pool)
    else:
        owner = await _readable(session, actor, user_id)
        account = await find_account(session, actor.organization, AccountKind.wallet, owner)
    if account is None:
        return []
    query = _lines(pool).where(col(Entry.account_id) == account).limit(max(1, min(limit, MOST_LINES)))
    if before:
        query = query.where(col(Entry.id) < before)
    rows = await session.execute(query.order_by(col(Entry.id).desc()))
    return [_line(row) for row in rows.all()]


async def daily_usage(
    session: AsyncSession, actor: Actor, days: int = 30, zone: ZoneInfo = UTC, *, everyone: bool = False
) -> list[DayUsage]:
    """Spent on each of the last days up to today, oldest first; ``everyone``, for administrators, by all members."""
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Choose up to {MOST_DAYS} days.")
    actor.must(Permission.credits_grant if everyone else Permission.credits_read)
    kind, owner = (AccountKind.spent, None) if everyone else (AccountKind.wallet, actor.user)
    account = await find_account(session, actor.organization, kind, owner)
    today = now().astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    since = datetime.combine(first, time(), zone)
    day = cast(func.timezone(zone.key, Entry.created_at), Date)
    rows = await session.execute(
        select(day, func.sum(func.abs(Entry.amount)))
        .join(Transfer, col(Transfer.id) == col(Entry.transfer_id))
        .where(
            col(Entry.account_id) == account,
            col(Entry.id) >= _first_id(since),
            col(Entry.created_at) >= since,
            col(Transfer.kind) == TransferKind.usage,
        )
        .group_by(day)
    )
    spent = {day: int(amount) for day, amount in rows}
    return [DayUsage(on, spent.get(on, 0)) for on in (first + timedelta(days=n) for n in range(days))]


async def _readable(session: AsyncSession, actor: Actor, user_id: UUID | None) -> UUID:
    actor.must(Permission.credits_read)
    if user_id is None or user_id == actor.user_id:
        return actor.user
    actor.must(Permission.credits_grant)
    return (await people.get_person(session, actor, user_id)).user_id


def _lines(pool: bool) -> Select[*tuple[Any, ...]]:
    """Entries with their transfer and, in the pool's statement, who received it; else who gave it."""
    query = select(
        col(Entry.id),
        col(Entry.created_at),
        col(Transfer.kind),
        col(Transfer.memo),
        func.coalesce(col(User.name), ""),
        col(Entry.amount),
        col(Entry.balance),
    ).join(Transfer, col(Transfer.id) == col(Entry.transfer_id))
    if not pool:
        gave = and_(col(User.id) == col(Transfer.actor_id), col(Transfer.kind) == TransferKind.grant)
        return query.outerjoin(User, gave)
    other, wallet = aliased(Entry), aliased(Account)
    return (
        query.join(other, and_(col(other.transfer_id) == col(Entry.transfer_id), col(other.id) != col(Entry.id)))
        .join(wallet, col(wallet.id) == col(other.account_id))
        .outerjoin(User, col(User.id) == col(wallet.owner_id))
    )


def _line(row: tuple[Any, ...]) -> Line:
    id, at, kind, memo, person, amount, balance = row
    return Line(id, at, TransferKind(kind), memo, person, amount, balance or 0)


def _first_id(since: datetime) -> UUID:
    """The least UUIDv7 of a moment: lets the index on (account, id) find where a period begins."""
    return UUID(int=int(since.astimezone(UTC).timestamp() * 1000) << 80)
