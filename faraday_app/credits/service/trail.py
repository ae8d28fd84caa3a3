"""The books in the audit trail: every movement of a hold is an event, and the balances follow from the events.

``rebuild`` folds them again. It needs nothing of the ledger, so that one can be held against the other.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.batch import Batch
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditEvent
from faraday_app.security.service import record
from faraday_app.security.service.audit import Thing, record_in

ISSUED, GRANTED = "credits.issued", "credits.granted"
HELD, SETTLED, RELEASED, EXPIRED = "credits.held", "credits.settled", "credits.released", "credits.expired"
ACTIONS = (ISSUED, GRANTED, HELD, SETTLED, RELEASED, EXPIRED)
_AT_ONCE = 1_000  # rows in memory


@dataclass
class Books:
    """What the events add up to, in micro-credits. Wallets and holds by their ids; a hold that ended is not there."""

    issued: int = 0
    pool: int = 0
    spent: int = 0
    balances: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    held: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    holds: dict[UUID, int] = field(default_factory=dict)


def tell_held(session: AsyncSession, actor: Actor, wallet: UUID, hold: UUID, amount: int) -> None:
    record(session, actor, HELD, _wallet(wallet), hold=str(hold), micro_credits=amount)


def tell_ended(
    session: AsyncSession, action: str, organization_id: UUID, wallet: UUID, hold: UUID, freed: int, charged: int = 0
) -> None:
    """A hold ended: ``freed`` is what it still set aside, ``charged`` what was taken from the wallet."""
    faraday = Actor.system(organization_id)
    record(session, faraday, action, _wallet(wallet), hold=str(hold), freed=freed, micro_credits=charged)


def tell_held_in(batch: Batch, actor: Actor, wallet: UUID, hold: UUID, amount: int) -> None:
    record_in(batch, actor, HELD, _wallet(wallet), hold=str(hold), micro_credits=amount)


def tell_settled_in(batch: Batch, parties: tuple[UUID, UUID], hold: UUID, freed: int, charged: int) -> None:
    """``parties`` are the organisation and the wallet."""
    faraday = Actor.system(parties[0])
    record_in(batch, faraday, SETTLED, _wallet(parties[1]), hold=str(hold), freed=freed, micro_credits=charged)


async def rebuild(session: AsyncSession, actor: Actor) -> Books:
    """The books of the actor's organisation out of its audit trail alone. Needs ``audit:read``."""
    actor.must(Permission.audit_read)
    query = (
        select(col(AuditEvent.action), col(AuditEvent.target_id), col(AuditEvent.details))
        .where(col(AuditEvent.organization_id) == actor.organization, col(AuditEvent.action).in_(ACTIONS))
        .order_by(col(AuditEvent.id))
        .execution_options(yield_per=_AT_ONCE)
    )
    books = Books()
    async for part in (await session.stream(query)).partitions():
        fold(books, ((action, target, details) for action, target, details in part))
    return books


def fold(books: Books, events: Iterable[tuple[str, UUID, dict[str, object]]]) -> None:
    """Add events to the books, in whatever order they come."""
    for action, account, details in events:
        amount, freed = _whole(details, "micro_credits"), _whole(details, "freed")
        if action == ISSUED:
            books.issued, books.pool = books.issued + amount, books.pool + amount
        elif action == GRANTED:
            books.pool -= amount
            books.balances[account] += amount
        else:
            _fold_hold(books, action, account, UUID(str(details["hold"])), (amount, freed))


def _fold_hold(books: Books, action: str, account: UUID, hold: UUID, amounts: tuple[int, int]) -> None:
    amount, freed = amounts
    change = amount if action == HELD else -freed
    books.held[account] += change
    books.holds[hold] = books.holds.get(hold, 0) + change
    if not books.holds[hold]:
        del books.holds[hold]
    if action == SETTLED:
        books.balances[account] -= amount
        books.spent += amount


def _whole(details: dict[str, object], name: str) -> int:
    return int(str(details.get(name, 0)))


def _wallet(id: UUID) -> Thing:
    return Thing("credit_accounts", id)
