"""Credits set aside before an answer starts, and what becomes of them.

Every change of a hold happens under the lock of its wallet; see ``ledger``.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound, PaymentNeeded
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.credits.models import Account, AccountKind, Hold, TransferKind
from faraday_app.credits.service import trail
from faraday_app.credits.service.ledger import check_movement, lock, move, open_account, publish_balance
from faraday_app.credits.views import MOST, credits_text

BATCH = 500

HOLD = text("""
with taken as (
    update credit_accounts set held = held + :amount
    where organization_id = :organization and kind = 'wallet' and owner_id = :owner and balance - held >= :amount
    returning id
)
insert into credit_holds (id, created_at, organization_id, account_id, amount, expires_at)
select :hold, :now, :organization, taken.id, :amount, :expires from taken
returning account_id
""")

# The same for a key with budgets: the wallet's lock comes first, and with it nobody else counts against the key.
HOLD_WITHIN = text("""
with taken as (
    update credit_accounts set held = held + :amount
    where organization_id = :organization and kind = 'wallet' and owner_id = :owner and balance - held >= :amount
    returning id
), counted as (
    insert into api_key_spending (id, created_at, organization_id, api_key_id, since, spent, most)
    select budget.id, :now, :organization, budget.api_key_id, budget.since, :amount, budget.most
    from taken, unnest(cast(:ids as uuid[]), cast(:keys as uuid[]), cast(:sinces as timestamptz[]),
        cast(:mosts as bigint[])) as budget (id, api_key_id, since, most)
    where budget.most >= :amount
    on conflict (api_key_id, since) do update
    set spent = api_key_spending.spent + excluded.spent, most = excluded.most
    where api_key_spending.spent + excluded.spent <= excluded.most
    returning id
)
insert into credit_holds (id, created_at, organization_id, account_id, amount, expires_at, spending_ids)
select :hold, :now, :organization, taken.id, :amount, :expires, (select array_agg(id) from counted) from taken
where (select count(*) from counted) = :budgets
returning account_id
""")

CLOSE = text("""
with closed as (
    update credit_holds set closed_at = coalesce(closed_at, :now), settled = :settled where id = :hold
    returning account_id, spending_ids
), counted as (
    update api_key_spending spending set spent = spending.spent - :freed + :settled
    from closed where spending.id = any(closed.spending_ids)
)
update credit_accounts account set held = account.held - :freed from closed where account.id = closed.account_id
""")

_UNSETTLE = text("""
with hold as (update credit_holds set settled = 0 where id = :hold returning spending_ids)
update api_key_spending spending set spent = spending.spent - :charge
from hold where spending.id = any(hold.spending_ids)
""")

_LAPSE = text("""
with closed as (
    update credit_holds set closed_at = :now where id = any(cast(:due as uuid[])) and closed_at is null
    returning id, account_id, amount, spending_ids
), counted as (
    update api_key_spending spending set spent = spending.spent - back.amount
    from (select spending_id, sum(amount) as amount from closed, unnest(spending_ids) as spending_id
        group by spending_id) back
    where spending.id = back.spending_id
)
update credit_accounts account set held = account.held - freed.amount
from (select account_id, sum(amount) as amount, array_agg(id) as holds, array_agg(amount) as amounts from closed
    group by account_id) freed
where account.id = freed.account_id
returning account.organization_id, account.id, account.owner_id, freed.holds, freed.amounts
""")


class _Wallet(NamedTuple):
    id: UUID
    owner_id: UUID
    available: int  # micro-credits
    spent: UUID  # the organisation's account of what was spent


class _State(NamedTuple):
    """A hold as it is under the lock of its wallet, in micro-credits."""

    organization_id: UUID
    held: int
    settled: int | None


async def hold(session: AsyncSession, actor: Actor, amount: int, lifetime: timedelta) -> Hold:
    """Set micro-credits of the actor's own wallet aside until they are settled, released, or the lifetime ends.

    PaymentNeeded when the wallet has not enough. Check and reserve are one statement:
    of many at once on the last credit, one gets it. A key with budgets counts the amount against each of them.
    """
    if not 0 <= amount <= MOST or lifetime <= timedelta(0):
        raise Invalid("This cannot be set aside.")
    placed = await _place(session, actor, amount, lifetime)
    if placed is None:
        wallet = await open_account(session, actor.organization, AccountKind.wallet, actor.user)
        placed = await _place(session, actor, amount, lifetime)
        if placed is None:
            raise _refusal(actor, amount, (await lock(session, wallet))[wallet])
    trail.tell_held(session, actor, placed.account_id, placed.id, amount)
    publish_on_commit(session, topic("credits", actor.user))
    return placed


async def settle(session: AsyncSession, hold_id: UUID, cost: int, memo: str, key: str) -> int:
    """Charge an answer and close its hold; the micro-credits charged.

    For whoever placed the hold, or Faraday itself for them: the id of a hold is never taken from outside.
    Never more than was held and is still available. A hold that ended before, and a key that was
    charged before, change nothing; an expired hold is charged from what is available.
    """
    memo = check_movement(max(cost, 1), memo, key)
    wallet = await _locked_wallet(session, hold_id)
    state = await _state(session, hold_id)
    if state.settled is not None:
        return state.settled
    charge = min(max(cost, 0), wallet.available + state.held)
    await _close(session, hold_id, state, charge)
    parties = (state.organization_id, wallet.owner_id)
    if charge and not await move(session, parties, TransferKind.usage, wallet.id, wallet.spent, charge, memo, key):
        await session.execute(_UNSETTLE, {"hold": hold_id, "charge": charge})
        charge = 0
    trail.tell_ended(session, trail.SETTLED, state.organization_id, wallet.id, hold_id, state.held, charge)
    publish_balance(session, state.organization_id, wallet.owner_id)
    return charge


async def release(session: AsyncSession, hold_id: UUID) -> int:
    """Give back what a hold set aside. One that ended before stays as it is; the micro-credits it was settled for."""
    wallet = await _locked_wallet(session, hold_id)
    state = await _state(session, hold_id)
    if state.settled is not None:
        return state.settled
    await _close(session, hold_id, state, 0)
    trail.tell_ended(session, trail.RELEASED, state.organization_id, wallet.id, hold_id, state.held)
    publish_on_commit(session, topic("credits", wallet.owner_id))
    return 0


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
    wallets = await session.execute(_LAPSE, {"due": list(due.scalars()), "now": now()})
    count = 0
    for organization_id, wallet, owner_id, holds, amounts in wallets.all():
        for hold_id, amount in zip(holds, amounts, strict=True):
            trail.tell_ended(session, trail.EXPIRED, organization_id, wallet, hold_id, amount)
        publish_on_commit(session, topic("credits", owner_id))
        count += len(holds)
    return count


async def _place(session: AsyncSession, actor: Actor, amount: int, lifetime: timedelta) -> Hold | None:
    """Check and reserve in one statement; None, and nothing is changed, when there is not enough of something."""
    placed = Hold(organization_id=actor.organization, account_id=actor.user, amount=amount, expires_at=now() + lifetime)
    values = {
        "hold": placed.id,
        "now": placed.created_at,
        "organization": actor.organization,
        "owner": actor.user,
        "amount": amount,
        "expires": placed.expires_at,
    }
    if not actor.budgets:
        account_id: UUID | None = await session.scalar(HOLD, values)
    else:
        account_id = await _place_within(session, values | budget_values(actor, placed.created_at))
    if account_id is None:
        return None
    placed.account_id = account_id
    return placed


async def _place_within(session: AsyncSession, values: dict[str, Any]) -> UUID | None:
    """A budget that is not enough undoes what the wallet and the other budget have counted."""
    savepoint = await session.begin_nested()
    account_id: UUID | None = await session.scalar(HOLD_WITHIN, values)
    await (savepoint.commit() if account_id else savepoint.rollback())
    return account_id


def budget_values(actor: Actor, at: datetime) -> dict[str, Any]:
    """In the order of the keys, as every lock is taken."""
    budgets = sorted(actor.budgets, key=lambda budget: budget.api_key_id)
    return {
        "budgets": len(budgets),
        "ids": [new_id() for _ in budgets],
        "keys": [budget.api_key_id for budget in budgets],
        "sinces": [budget.period.began(at) for budget in budgets],
        "mosts": [budget.most for budget in budgets],
    }


def _refusal(actor: Actor, amount: int, available: int) -> PaymentNeeded:
    if available >= amount and actor.budgets:
        return PaymentNeeded(
            f"This answer may cost {credits_text(amount)} credits, and the budget of this key has less left."
            " Wait for its next period, or use another key."
        )
    return PaymentNeeded(
        f"You need about {credits_text(amount)} credits for this answer and have {credits_text(available)}."
        " Ask an administrator for more."
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
    id, owner_id, available, spent_id = row
    assert owner_id
    return _Wallet(id, owner_id, available or 0, spent_id)


async def _state(session: AsyncSession, hold_id: UUID) -> _State:
    """Read in a statement of its own: one that waited for the lock has seen the hold as it was before."""
    row = await session.execute(
        select(col(Hold.organization_id), col(Hold.amount), col(Hold.settled), col(Hold.closed_at)).where(
            col(Hold.id) == hold_id
        )
    )
    organization_id, amount, settled, closed_at = row.one()
    return _State(organization_id, 0 if closed_at else amount, settled)


async def _close(session: AsyncSession, hold_id: UUID, state: _State, settled: int) -> None:
    await session.execute(CLOSE, {"hold": hold_id, "now": now(), "settled": settled, "freed": state.held})
