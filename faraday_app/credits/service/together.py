"""Hold and settle in batches: the same rules in one way to the database and back, for what happens with every call.

What a batch cannot do, such as say why there is not enough, is left to ``holds``: the batch is missed, and nothing of
it is done.
"""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from faraday_app.core.batch import Batch
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor
from faraday_app.credits.models import AccountKind, TransferKind
from faraday_app.credits.service import trail
from faraday_app.credits.service.holds import CLOSE, HOLD, HOLD_WITHIN, budget_values
from faraday_app.credits.service.ledger import MOVE, check_movement, find_account

_IS_PLACED = text("select 1 from credit_holds where id = :hold")
_LOCK = text("select 1 from credit_accounts where id = :wallet for no key update")
_IS_OPEN = text("select 1 from credit_holds where id = :hold and closed_at is null")

# Accounts are never removed: wallets by organisation and person, and what was spent by organisation.
_accounts: dict[tuple[UUID, UUID | None], UUID] = {}
MOST_KNOWN = 50_000


class Placed(NamedTuple):
    """A hold, as far as it has to be known to end it. A table row takes longer to make than to write."""

    id: UUID
    account_id: UUID
    amount: int  # micro-credits


async def wallet(actor: Actor) -> UUID | None:
    """The actor's own; None while there is none."""
    return await _known(actor, AccountKind.wallet, actor.user)


async def spent_account(actor: Actor) -> UUID | None:
    return await _known(actor, AccountKind.spent, None)


async def _known(actor: Actor, kind: AccountKind, owner: UUID | None) -> UUID | None:
    key = (actor.organization, owner)
    if key not in _accounts:
        async with transaction(actor) as session:
            found = await find_account(session, actor.organization, kind, owner)
        if found is None:
            return None
        if len(_accounts) >= MOST_KNOWN:
            _accounts.clear()
        _accounts[key] = found
    return _accounts[key]


def hold_in(batch: Batch, actor: Actor, wallet: UUID, amount: int, lifetime: timedelta) -> Placed:
    """As ``hold``; the batch is missed where the wallet or a budget has not enough."""
    placed, at = Placed(new_id(), wallet, amount), now()
    batch.locks(wallet)
    values: dict[str, Any] = {
        "hold": placed.id,
        "now": at,
        "organization": actor.organization,
        "owner": actor.user,
        "amount": amount,
        "expires": at + lifetime,
    }
    if actor.budgets:
        batch.add(HOLD_WITHIN, values | budget_values(actor, at))
    else:
        batch.add(HOLD, values)
    batch.must(_IS_PLACED, {"hold": placed.id})
    trail.tell_held_in(batch, actor, wallet, placed.id, amount)
    return placed


def settle_in(batch: Batch, actor: Actor, held: Placed, spent: UUID, cost: int, memo: str, key: str) -> None:
    """As ``settle``, for no more than was held; the batch is missed where the hold has ended before."""
    memo = check_movement(max(cost, 1), memo, key)
    at, organization = now(), actor.organization
    batch.locks(held.account_id)
    batch.add(_LOCK, {"wallet": held.account_id})
    batch.must(_IS_OPEN, {"hold": held.id})
    batch.add(CLOSE, {"hold": held.id, "now": at, "settled": cost, "freed": held.amount})
    if cost:
        batch.add(
            MOVE,
            {
                "transfer": new_id(),
                "now": at,
                "organization": organization,
                "kind": TransferKind.usage.value,
                "key": f"{TransferKind.usage}:{key}",
                "memo": memo,
                "actor": actor.user,
                "source": held.account_id,
                "target": spent,
                "amount": cost,
                "source_entry": new_id(),
                "target_entry": new_id(),
            },
        )
    trail.tell_settled_in(batch, (organization, held.account_id), held.id, held.amount, cost)
    for id in (actor.user, organization):
        batch.publish(topic("credits", id))
