"""Accounts, and the one way in which credits move between them.

Locks are taken on accounts only, in the order of their ids, and before anything
else that can wait; a hold changes only under the lock of its account.
"""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.credits.models import Account, AccountKind, TransferKind
from faraday_app.credits.views import MOST

LONGEST_MEMO = 200
LONGEST_KEY = 100

# One statement, not seven: what an answer costs to book is mostly the way to the database and back.
MOVE = text("""
with transfer as (
    insert into credit_transfers (id, created_at, organization_id, kind, idempotency_key, memo, actor_id)
    values (:transfer, :now, :organization, :kind, :key, :memo, cast(:actor as uuid))
    on conflict (organization_id, idempotency_key) do nothing
    returning id
), sides (entry_id, account_id, amount) as (
    values (cast(:source_entry as uuid), cast(:source as uuid), -cast(:amount as bigint)),
           (cast(:target_entry as uuid), cast(:target as uuid), cast(:amount as bigint))
), moved as (
    update credit_accounts account set balance = account.balance + sides.amount
    from sides, transfer where account.id = sides.account_id and account.balance is not null
    returning account.id, account.balance
)
insert into credit_entries (id, created_at, organization_id, transfer_id, account_id, amount, balance)
select sides.entry_id, :now, :organization, transfer.id, sides.account_id, sides.amount, moved.balance
from transfer cross join sides left join moved on moved.id = sides.account_id
returning id
""")


async def find_account(
    session: AsyncSession, organization_id: UUID, kind: AccountKind, owner_id: UUID | None = None
) -> UUID | None:
    return await session.scalar(
        select(col(Account.id)).where(
            col(Account.organization_id) == organization_id,
            col(Account.kind) == kind,
            col(Account.owner_id).is_not_distinct_from(owner_id),
        )
    )


async def open_account(
    session: AsyncSession, organization_id: UUID, kind: AccountKind, owner_id: UUID | None = None
) -> UUID:
    """The account's id, made on first use; however many ask at once, there is one."""
    found = await find_account(session, organization_id, kind, owner_id)
    if found is None:
        counted = kind in {AccountKind.issued, AccountKind.spent}
        made = insert(Account).values(
            id=new_id(),
            created_at=now(),
            organization_id=organization_id,
            kind=kind,
            owner_id=owner_id,
            balance=None if counted else 0,
            held=0,
        )
        await session.execute(made.on_conflict_do_nothing())
        found = await find_account(session, organization_id, kind, owner_id)
        assert found
    return found


async def lock(session: AsyncSession, *account_ids: UUID) -> dict[UUID, int]:
    """Lock accounts until the end of the transaction; what each has available, in micro-credits."""
    rows = await session.execute(
        select(col(Account.id), col(Account.balance), col(Account.held))
        .where(col(Account.id).in_(account_ids))
        .order_by(col(Account.id))
        .with_for_update(key_share=True)
    )
    return {id: (balance or 0) - held for id, balance, held in rows}


async def move(
    session: AsyncSession,
    parties: tuple[UUID, UUID | None],
    kind: TransferKind,
    source: UUID,
    target: UUID,
    amount: int,
    memo: str,
    key: str,
) -> bool:
    """Move micro-credits between two accounts the caller has locked. False, and nothing moves, when the key was used.

    ``parties`` are the organisation and the person on whose behalf it happens. A source that
    keeps a balance must have enough: the caller has checked, the table refuses.
    """
    organization_id, actor_id = parties
    booked = await session.scalars(
        MOVE,
        {
            "transfer": new_id(),
            "now": now(),
            "organization": organization_id,
            "kind": kind,
            "key": f"{kind}:{key}",
            "memo": memo,
            "actor": actor_id,
            "source": source,
            "target": target,
            "amount": amount,
            "source_entry": new_id(),
            "target_entry": new_id(),
        },
    )
    return bool(booked.all())


def publish_balance(session: AsyncSession, organization_id: UUID, *user_ids: UUID | None) -> None:
    """Have open pages read these people's credits, and the organisation's, again."""
    for id in (*user_ids, organization_id):
        if id:
            publish_on_commit(session, topic("credits", id))


def check_movement(amount: int, memo: str, key: str) -> str:
    """The memo in one line; Invalid for an amount that is not above zero, or words that are too long."""
    memo = " ".join(memo.replace("\x00", "").split())
    if not 0 < amount <= MOST:
        raise Invalid("Enter an amount above 0 and up to 1,000,000,000 credits.", field="amount")
    if len(memo) > LONGEST_MEMO:
        raise Invalid(f"Keep the note to {LONGEST_MEMO} characters.", field="memo")
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("This form is no longer valid. Open it again.")
    return memo
