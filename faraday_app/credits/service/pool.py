"""What an organisation has to give, and giving it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import Conflict, Invalid, NotPermitted, PaymentNeeded
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings
from faraday_app.credits.models import Account, AccountKind, Entry, Transfer, TransferKind
from faraday_app.credits.service.ledger import check_movement, lock, move, open_account, publish_balance
from faraday_app.credits.views import CREDIT, credits_text
from faraday_app.organizations.models import Membership
from faraday_app.organizations.service import people
from faraday_app.security.service import record

FOR_THE_FIRST = 1_000  # credits


async def open_pool(session: AsyncSession, actor: Actor, amount: int, memo: str, key: str = "") -> None:
    """Issue micro-credits into an organisation's pool, opening its accounts on first use. For Faraday itself only."""
    if not actor.is_system:
        raise NotPermitted
    issued = await open_account(session, actor.organization, AccountKind.issued)
    pool = await open_account(session, actor.organization, AccountKind.pool)
    await open_account(session, actor.organization, AccountKind.spent)
    if not amount:
        return
    key = key or str(new_id())
    memo = check_movement(amount, memo, key)
    await lock(session, pool)
    if await move(session, (actor.organization, actor.user_id), TransferKind.issue, issued, pool, amount, memo, key):
        record(session, actor, "credits.issued", await session.get(Account, pool), micro_credits=amount, memo=memo)
        publish_balance(session, actor.organization)


async def pool_balance(session: AsyncSession, actor: Actor) -> int:
    """Micro-credits the organisation has left to grant."""
    actor.must(Permission.credits_grant)
    balance = await session.scalar(
        select(col(Account.balance)).where(
            col(Account.organization_id) == actor.organization, col(Account.kind) == AccountKind.pool
        )
    )
    return balance or 0


async def grant(session: AsyncSession, actor: Actor, user_id: UUID, amount: int, memo: str, key: str) -> None:
    """Give a member micro-credits from the organisation's pool. The same key again changes nothing."""
    actor.must(Permission.credits_grant)
    memo = check_movement(amount, memo, key)
    person = await people.get_person(session, actor, user_id)
    if not person.active:
        raise Invalid(f"{person.name} has no access any more. Reactivate them first.", field="person")
    pool = await open_account(session, actor.organization, AccountKind.pool)
    wallet = await open_account(session, actor.organization, AccountKind.wallet, user_id)
    available = (await lock(session, pool, wallet))[pool]
    if await _refuse_other_use(session, actor, key, wallet, amount):
        return
    if available < amount:
        raise PaymentNeeded(
            f"Your organisation has {credits_text(available)} credits left to grant, not {credits_text(amount)}."
        )
    await move(session, (actor.organization, actor.user_id), TransferKind.grant, pool, wallet, amount, memo, key)
    to = await session.get(Account, wallet)
    record(session, actor, "credits.granted", to, user_id=str(user_id), micro_credits=amount, memo=memo)
    publish_balance(session, actor.organization, user_id)


async def _refuse_other_use(session: AsyncSession, actor: Actor, key: str, wallet: UUID, amount: int) -> bool:
    """Whether this very grant was already made; Conflict when the key was used for another one."""
    earlier = (
        await session.execute(
            select(col(Entry.account_id), col(Entry.amount))
            .join(Transfer, col(Transfer.id) == col(Entry.transfer_id))
            .where(
                col(Transfer.organization_id) == actor.organization,
                col(Transfer.idempotency_key) == f"{TransferKind.grant}:{key}",
                col(Entry.amount) > 0,
            )
        )
    ).one_or_none()
    if earlier is None:
        return False
    if tuple(earlier) != (wallet, amount):
        raise Conflict("This form was already used for another grant. Open it again.")
    return True


async def provide(session: AsyncSession, administrator: Membership) -> None:
    """What a new organisation begins with: its pool, and enough for its administrator to try everything."""
    faraday = Actor.system(administrator.organization_id)
    credits = settings().starting_credits
    if not credits:
        return
    await open_pool(session, faraday, credits * CREDIT, "To begin with", "begin")
    amount = min(credits, FOR_THE_FIRST) * CREDIT
    await grant(session, faraday, administrator.user_id, amount, "To begin with", f"begin {administrator.user_id}")
