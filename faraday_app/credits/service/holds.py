"""Credits set aside before an answer starts, and what becomes of them.

Every change of a hold happens under the lock of its wallet; see ``ledger``.
"""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound, PaymentNeeded
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.credits.models import Account, AccountKind, Hold, TransferKind
from faraday_app.credits.service.ledger import check_movement, lock, move, open_account, publish_balance
from faraday_app.credits.views import MOST, credits_text

BATCH = 500


class _Wallet(NamedTuple):
    id: UUID
    owner_id: UUID
    available: int  # micro-credits
    spent: UUID | None  # the organisation's account of what was spent


async def hold(session: AsyncSession, actor: Actor, amount: int, lifetime: timedelta) -> Hold:
    """Set micro-credits of the actor's own wallet aside until they are settled, released, or the lifetime ends.

    PaymentNeeded when the wallet has not enough. Check and reserve are one statement:
    of many at once on the last credit, one gets it.
    """
    if not 0 <= amount <= MOST or lifetime <= timedelta(0):
        raise Invalid("This cannot be set aside.")
    wallet = await _reserve(session, actor, amount)
    if wallet is None:
        opened = await open_account(session, actor.organization, AccountKind.wallet, actor.user)
        wallet = await _reserve(session, actor, amount)
        if wallet is None:
            available = (await lock(session, opened))[opened]
            raise PaymentNeeded(
                f"You need about {credits_text(amount)} credits for this answer and have {credits_text(available)}."
                " Ask an administrator for more."
            )
    made = Hold(organization_id=actor.organization, account_id=wallet, amount=amount, expires_at=now() + lifetime)
    session.add(made)
    await session.flush()
    publish_on_commit(session, topic("credits", actor.user))
    return made


async def settle(session: AsyncSession, hold_id: UUID, cost: int, memo: str, key: str) -> int:
    """Charge an answer and close its hold; the micro-credits charged.

    For whoever placed the hold, or Faraday itself for them: the id of a hold is never taken from outside.
    Never more than was held and is still available. A hold that ended before, and a key that was
    charged before, change nothing; an expired hold is charged from what is available.
    """
    memo = check_movement(max(cost, 1), memo, key)
    wallet = await _locked_wallet(session, hold_id)
    hold = await session.get_one(Hold, hold_id, populate_existing=True)
    if hold.settled is not None:
        return hold.settled
    charge = min(max(cost, 0), wallet.available + _still_held(hold))
    await _close(session, hold)
    hold.settled = 0
    if charge:
        spent = wallet.spent or await open_account(session, hold.organization_id, AccountKind.spent)
        parties = (hold.organization_id, wallet.owner_id)
        if await move(session, parties, TransferKind.usage, wallet.id, spent, charge, memo, key):
            hold.settled = charge
    publish_balance(session, hold.organization_id, wallet.owner_id)
    return hold.settled


async def release(session: AsyncSession, hold_id: UUID) -> int:
    """Give back what a hold set aside. One that ended before stays as it is; the micro-credits it was settled for."""
    wallet = await _locked_wallet(session, hold_id)
    hold = await session.get_one(Hold, hold_id, populate_existing=True)
    if hold.settled is None:
        await _close(session, hold)
        hold.settled = 0
        publish_on_commit(session, topic("credits", wallet.owner_id))
    return hold.settled


async def release_expired(session: AsyncSession) -> int:
    """Give back what at most ``BATCH`` expired holds set aside, in every organisation the transaction sees.

    How many there were. Wallets that are busy are left for the next time.
    """
    due = await session.execute(
        select(col(Hold.id))
        .join(Account, col(Account.id) == col(Hold.account_id))
        .where(col(Hold.closed_at).is_(None), col(Hold.expires_at) <= now())
        .order_by(col(Hold.expires_at))
        .limit(BATCH)
        .with_for_update(of=Account, skip_locked=True, key_share=True)
    )
    closed = (
        update(Hold)
        .where(col(Hold.id).in_(list(due.scalars())), col(Hold.closed_at).is_(None))
        .values(closed_at=now())
        .returning(col(Hold.account_id), col(Hold.amount))
        .cte("closed")
    )
    freed = (
        select(closed.c.account_id, func.sum(closed.c.amount).label("amount"), func.count().label("holds"))
        .group_by(closed.c.account_id)
        .subquery()
    )
    wallets = await session.execute(
        update(Account)
        .where(col(Account.id) == freed.c.account_id)
        .values(held=col(Account.held) - freed.c.amount)
        .returning(col(Account.owner_id), freed.c.holds)
        .execution_options(synchronize_session=False)
    )
    count = 0
    for owner_id, holds in wallets:
        publish_on_commit(session, topic("credits", owner_id))
        count += holds
    return count


async def _reserve(session: AsyncSession, actor: Actor, amount: int) -> UUID | None:
    return await session.scalar(
        update(Account)
        .where(
            col(Account.organization_id) == actor.organization,
            col(Account.kind) == AccountKind.wallet,
            col(Account.owner_id) == actor.user,
            col(Account.balance) - col(Account.held) >= amount,
        )
        .values(held=col(Account.held) + amount)
        .returning(col(Account.id))
        .execution_options(synchronize_session=False)
    )


async def _locked_wallet(session: AsyncSession, hold_id: UUID) -> _Wallet:
    """Lock the wallet of a hold; one the transaction cannot see is not found."""
    books = aliased(Account)
    spent = (
        select(col(books.id))
        .where(col(books.organization_id) == Account.organization_id, col(books.kind) == AccountKind.spent)
        .correlate(Account)
        .scalar_subquery()
    )
    row = (
        await session.execute(
            select(col(Account.id), col(Account.owner_id), col(Account.balance) - col(Account.held), spent)
            .join(Hold, col(Hold.account_id) == col(Account.id))
            .where(col(Hold.id) == hold_id)
            .with_for_update(of=Account, key_share=True)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("These credits are not set aside.")
    id, owner_id, available, books_id = row
    assert owner_id
    return _Wallet(id, owner_id, available or 0, books_id)


def _still_held(hold: Hold) -> int:
    return hold.amount if hold.closed_at is None else 0


async def _close(session: AsyncSession, hold: Hold) -> None:
    """End a hold under the lock of its wallet; an expired one has ended already."""
    if hold.closed_at is not None:
        return
    hold.closed_at = now()
    await session.execute(
        update(Account)
        .where(col(Account.id) == hold.account_id)
        .values(held=col(Account.held) - hold.amount)
        .execution_options(synchronize_session=False)
    )
