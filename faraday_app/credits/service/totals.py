"""What an organisation was given and what became of it, in sums, for who looks after the installation."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import as_faraday
from faraday_app.core.permissions import Actor, Permission
from faraday_app.credits.models import Account, AccountKind, Entry


@dataclass(frozen=True, slots=True)
class Totals:
    """In micro-credits. What was spent is what is left of the issued: the books are double entry."""

    issued: int = 0
    pool: int = 0
    wallets: int = 0

    @property
    def spent(self) -> int:
        return self.issued - self.pool - self.wallets


async def totals(session: AsyncSession, actor: Actor, organization_ids: Collection[UUID]) -> dict[UUID, Totals]:
    """For each of these organisations, those without any books too."""
    actor.must(Permission.platform_read)
    theirs = col(Account.organization_id).in_(organization_ids)
    issued = (
        select(col(Account.organization_id), -func.sum(col(Entry.amount)))
        .join(Entry, col(Entry.account_id) == col(Account.id))
        .where(theirs, col(Account.kind) == AccountKind.issued)
        .group_by(col(Account.organization_id))
    )
    kept = (
        select(col(Account.organization_id), col(Account.kind), func.sum(col(Account.balance)))
        .where(theirs, col(Account.kind).in_((AccountKind.pool, AccountKind.wallet)))
        .group_by(col(Account.organization_id), col(Account.kind))
    )
    async with as_faraday(session):
        given = {row[0]: int(row[1]) for row in (await session.execute(issued)).all()}
        balances = {(row[0], row[1]): int(row[2] or 0) for row in (await session.execute(kept)).all()}
    return {
        id: Totals(given.get(id, 0), balances.get((id, AccountKind.pool), 0), balances.get((id, AccountKind.wallet), 0))
        for id in organization_ids
    }
