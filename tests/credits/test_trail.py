"""The books of credits follow from the audit trail alone."""

import random

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotPermitted, PaymentNeeded
from faraday_app.credits.models import Account, AccountKind, Entry, Hold
from faraday_app.credits.service import trail
from tests.factories.credits import give, hold, lapse, open_pool, release, release_expired, settle

CREDIT = 1_000_000


async def rebuilt(cast):
    async with transaction(cast.administrator) as session:
        return await trail.rebuild(session, cast.administrator)


async def ledger(cast):
    """The same as the tables have it."""
    books = trail.Books()
    async with transaction(cast.administrator) as session:
        ours = col(Account.organization_id) == cast.organization_id
        for account in (await session.scalars(select(Account).where(ours))).all():
            total = await session.scalar(select(func.sum(Entry.amount)).where(col(Entry.account_id) == account.id))
            if account.kind == AccountKind.wallet:
                books.balances[account.id], books.held[account.id] = account.balance, account.held
            else:
                setattr(books, account.kind, abs(int(total or 0)))
        still_open = select(Hold).where(
            col(Hold.organization_id) == cast.organization_id, col(Hold.closed_at).is_(None)
        )
        books.holds = {held.id: held.amount for held in (await session.scalars(still_open)).all() if held.amount}
    return books


def told(books):
    """Without wallets in which nothing happened."""
    used = {id for id in books.balances if books.balances[id] or books.held[id]}
    return (
        books.issued,
        books.pool,
        books.spent,
        {id: (books.balances[id], books.held[id]) for id in used},
        dict(books.holds),
    )


async def act(cast, chance, holds):
    """One thing that happens to credits, as it comes."""
    person, amount = chance.choice([cast.teacher, cast.student, cast.aide]), chance.randrange(1, 4 * CREDIT)
    match chance.choice(["give", "hold", "hold", "settle", "settle again", "release", "lapse", "issue"]):
        case "give":
            await give(cast.administrator, person, amount)
        case "issue":
            await open_pool(cast.administrator, amount)
        case "hold":
            holds.append((person, await hold(person, amount)))
        case "lapse" if holds:
            await lapse(chance.choice(holds)[1])
            await release_expired()
        case "release" if holds:
            await release(*chance.choice(holds))
        case "settle" if holds:
            await settle(*chance.choice(holds), chance.randrange(0, 5 * CREDIT))
        case "settle again" if holds:
            await settle(*chance.choice(holds), amount, key="the same key")


class TestRebuild:
    @pytest.mark.parametrize("seed", range(4))
    async def test_gives_what_the_ledger_has_whatever_happened(self, cast, seed):
        chance, holds = random.Random(seed), []
        await open_pool(cast.administrator, 100 * CREDIT)
        await give(cast.administrator, cast.teacher, 10 * CREDIT)
        for _ in range(60):
            try:
                await act(cast, chance, holds)
            except PaymentNeeded:
                continue
        assert holds
        assert told(await rebuilt(cast)) == told(await ledger(cast))

    async def test_tells_nothing_of_what_was_undone(self, cast):
        await open_pool(cast.administrator, 10 * CREDIT)
        await give(cast.administrator, cast.teacher, CREDIT)
        with pytest.raises(PaymentNeeded):
            await hold(cast.teacher, 2 * CREDIT)
        books = await rebuilt(cast)
        assert (list(books.balances.values()), books.holds) == ([CREDIT], {})

    async def test_is_for_those_who_read_the_trail(self, cast):
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotPermitted):
                await trail.rebuild(session, cast.teacher)
