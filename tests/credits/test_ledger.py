"""The ledger: what each verb promises."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted, PaymentNeeded
from faraday_app.core.permissions import Actor
from faraday_app.credits import service as credits
from faraday_app.credits.models import Account, AccountKind, Entry, Hold, Transfer
from faraday_app.credits.service import Balance
from faraday_app.credits.views import CREDIT
from faraday_app.organizations.service import people
from faraday_app.security.models import AuditEvent
from tests.factories.credits import available, give, hold, lapse, open_pool, release_expired, settle

MINUTE = timedelta(minutes=1)
TABLES = ("credit_accounts", "credit_transfers", "credit_entries", "credit_holds")


@pytest.fixture
async def school(cast):
    """The cast, with 1,000 credits in the pool and 10 in the teacher's wallet."""
    await open_pool(cast.administrator, 1000 * CREDIT)
    await give(cast.administrator, cast.teacher, 10 * CREDIT)
    return cast


async def pool(actor: Actor) -> int:
    async with transaction(actor) as session:
        return await credits.pool_balance(session, actor)


class TestOpenPool:
    async def test_issues_credits_that_can_be_granted(self, school):
        assert await pool(school.administrator) == 990 * CREDIT

    async def test_is_for_faraday_only(self, school):
        async with transaction(school.administrator) as session:
            with pytest.raises(NotPermitted):
                await credits.open_pool(session, school.administrator, CREDIT, "")

    async def test_changes_nothing_when_the_key_is_repeated(self, school):
        for _ in range(2):
            await open_pool(school.administrator, CREDIT, key="2027")
        assert await pool(school.administrator) == 991 * CREDIT


class TestGrant:
    async def test_moves_credits_from_the_pool_to_the_wallet(self, school):
        await give(school.administrator, school.student, 5 * CREDIT)
        assert await available(school.student) == 5 * CREDIT
        assert await pool(school.administrator) == 985 * CREDIT

    async def test_changes_nothing_when_the_key_is_repeated(self, school):
        for _ in range(3):
            await give(school.administrator, school.student, 5 * CREDIT, key="once")
        assert await available(school.student) == 5 * CREDIT

    async def test_is_made_once_when_the_same_key_comes_many_times_at_once(self, school):
        await asyncio.gather(*(give(school.administrator, school.student, CREDIT, key="double") for _ in range(8)))
        assert await available(school.student) == CREDIT

    async def test_refuses_a_key_that_was_used_for_another_grant(self, school):
        await give(school.administrator, school.student, 5 * CREDIT, key="first")
        with pytest.raises(Conflict):
            await give(school.administrator, school.parent, 5 * CREDIT, key="first")

    @pytest.mark.parametrize("amount", [0, -1, 10**18])
    async def test_refuses_an_amount_that_is_none(self, school, amount):
        with pytest.raises(Invalid) as refused:
            await give(school.administrator, school.student, amount)
        assert refused.value.field == "amount"

    async def test_needs_enough_in_the_pool(self, school):
        with pytest.raises(PaymentNeeded) as refused:
            await give(school.administrator, school.student, 5000 * CREDIT)
        assert refused.value.message == "Your organisation has 990 credits left to grant, not 5,000."
        assert await available(school.student) == 0

    async def test_never_grants_more_than_the_pool_has_however_many_at_once(self, school):
        outcomes = await asyncio.gather(
            *(give(school.administrator, school.student, 200 * CREDIT) for _ in range(8)), return_exceptions=True
        )
        assert sum(isinstance(outcome, PaymentNeeded) for outcome in outcomes) == 4
        assert await pool(school.administrator) == 190 * CREDIT

    async def test_is_for_administrators(self, school):
        with pytest.raises(NotPermitted):
            await give(school.head, school.teacher, CREDIT)

    async def test_does_not_find_a_person_of_another_organization(self, school):
        with pytest.raises(NotFound):
            await give(school.administrator, school.stranger, CREDIT)

    async def test_refuses_a_person_who_left(self, school):
        async with transaction(school.administrator) as session:
            await people.deactivate(session, school.administrator, school.aide.user)
        with pytest.raises(Invalid):
            await give(school.administrator, school.aide, CREDIT)

    async def test_is_recorded(self, school):
        async with transaction(school.administrator) as session:
            event = await session.scalar(
                select(AuditEvent)
                .where(
                    col(AuditEvent.organization_id) == school.organization_id,
                    col(AuditEvent.action) == "credits.granted",
                )
                .order_by(col(AuditEvent.id).desc())
            )
        assert event
        assert event.actor_id == school.administrator.user_id
        assert event.details == {"user_id": str(school.teacher.user), "micro_credits": 10 * CREDIT, "memo": "For work"}


class TestHold:
    async def test_sets_credits_aside(self, school):
        await hold(school.teacher, 4 * CREDIT)
        async with transaction(school.teacher) as session:
            assert await credits.balance(session, school.teacher) == Balance(6 * CREDIT, 4 * CREDIT)

    async def test_says_what_is_needed_and_what_there_is(self, school):
        await hold(school.teacher, 9_580_000)
        with pytest.raises(PaymentNeeded) as refused:
            await hold(school.teacher, 25 * CREDIT)
        assert refused.value.message == (
            "You need about 25 credits for this answer and have 0.42. Ask an administrator for more."
        )

    async def test_gives_the_last_credit_to_one_of_a_hundred(self, school):
        await give(school.administrator, school.student, CREDIT)
        outcomes = await asyncio.gather(*(hold(school.student, CREDIT) for _ in range(100)), return_exceptions=True)
        assert sum(isinstance(outcome, Hold) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, PaymentNeeded) for outcome in outcomes) == 99

    async def test_opens_one_wallet_when_first_used_many_times_at_once(self, school):
        await asyncio.gather(*(hold(school.parent, 0) for _ in range(12)))
        async with transaction(school.parent) as session:
            wallets = await session.scalar(select(func.count()).where(col(Account.owner_id) == school.parent.user))
        assert wallets == 1

    @pytest.mark.parametrize(("amount", "lifetime"), [(-1, MINUTE), (1, timedelta(0))])
    async def test_refuses_less_than_nothing(self, school, amount, lifetime):
        with pytest.raises(Invalid):
            await hold(school.teacher, amount, lifetime)


class TestSettle:
    async def test_charges_the_cost_and_frees_the_rest(self, school):
        held = await hold(school.teacher, 4 * CREDIT)
        assert await settle(school.teacher, held, 3 * CREDIT) == 3 * CREDIT
        async with transaction(school.teacher) as session:
            assert await credits.balance(session, school.teacher) == Balance(7 * CREDIT, 0)

    async def test_changes_nothing_the_second_time(self, school):
        held = await hold(school.teacher, 4 * CREDIT)
        await settle(school.teacher, held, 3 * CREDIT, key="run")
        assert await settle(school.teacher, held, 4 * CREDIT, key="run") == 3 * CREDIT
        assert await settle(school.teacher, held, 4 * CREDIT, key="another") == 3 * CREDIT
        assert await available(school.teacher) == 7 * CREDIT

    async def test_charges_once_when_it_comes_many_times_at_once(self, school):
        held = await hold(school.teacher, 4 * CREDIT)
        charged = await asyncio.gather(*(settle(school.teacher, held, 3 * CREDIT, key=str(n)) for n in range(8)))
        assert charged == [3 * CREDIT] * 8
        assert await available(school.teacher) == 7 * CREDIT

    async def test_charges_a_key_once_for_whatever_hold(self, school):
        await settle(school.teacher, await hold(school.teacher, CREDIT), CREDIT, key="run")
        assert await settle(school.teacher, await hold(school.teacher, CREDIT), CREDIT, key="run") == 0
        assert await available(school.teacher) == 9 * CREDIT

    async def test_charges_more_than_held_only_from_what_is_available(self, school):
        first, second = await hold(school.teacher, 4 * CREDIT), await hold(school.teacher, 5 * CREDIT)
        assert await settle(school.teacher, first, 8 * CREDIT) == 5 * CREDIT
        async with transaction(school.teacher) as session:
            assert await credits.balance(session, school.teacher) == Balance(0, 5 * CREDIT)
        assert await settle(school.teacher, second, 5 * CREDIT) == 5 * CREDIT

    async def test_costs_nothing_when_nothing_was_used(self, school):
        assert await settle(school.teacher, await hold(school.teacher, CREDIT), 0) == 0
        assert await available(school.teacher) == 10 * CREDIT

    async def test_charges_a_late_answer_whose_hold_expired(self, school):
        held = await hold(school.teacher, 4 * CREDIT)
        await lapse(held)
        await release_expired()
        assert await settle(school.teacher, held, 3 * CREDIT) == 3 * CREDIT
        async with transaction(school.teacher) as session:
            assert await credits.balance(session, school.teacher) == Balance(7 * CREDIT, 0)

    async def test_is_not_found_for_another_organization(self, school):
        held = await hold(school.teacher, CREDIT)
        async with transaction(school.stranger) as session:
            with pytest.raises(NotFound):
                await credits.settle(session, held.id, CREDIT, "", "x")
            with pytest.raises(NotFound):
                await credits.release(session, held.id)


class TestRelease:
    async def test_gives_everything_back(self, school):
        held = await hold(school.teacher, 4 * CREDIT)
        async with transaction(school.teacher) as session:
            assert await credits.release(session, held.id) == 0
            assert await credits.balance(session, school.teacher) == Balance(10 * CREDIT, 0)

    async def test_leaves_a_settled_hold_as_it_is(self, school):
        held = await hold(school.teacher, 4 * CREDIT)
        await settle(school.teacher, held, CREDIT)
        async with transaction(school.teacher) as session:
            assert await credits.release(session, held.id) == CREDIT
        assert await available(school.teacher) == 9 * CREDIT

    async def test_makes_a_later_settlement_charge_nothing(self, school):
        held = await hold(school.teacher, 4 * CREDIT)
        async with transaction(school.teacher) as session:
            await credits.release(session, held.id)
        assert await settle(school.teacher, held, CREDIT) == 0


class TestReleaseExpired:
    async def test_frees_only_what_expired(self, school):
        first, second = await hold(school.teacher, 4 * CREDIT), await hold(school.teacher, 3 * CREDIT)
        await hold(school.teacher, CREDIT)
        await lapse(first)
        await lapse(second)
        assert await release_expired() == 2
        assert await release_expired() == 0
        async with transaction(school.teacher) as session:
            assert await credits.balance(session, school.teacher) == Balance(9 * CREDIT, CREDIT)

    async def test_passes_over_a_wallet_that_is_busy(self, school):
        held = await hold(school.teacher, CREDIT)
        await lapse(held)
        async with transaction(school.teacher) as session:
            await session.execute(
                select(Account.id).where(col(Account.owner_id) == school.teacher.user).with_for_update()
            )
            assert await release_expired() == 0
        assert await release_expired() == 1


class TestTheTables:
    async def test_refuse_a_transfer_that_does_not_sum_to_zero(self, school):
        with pytest.raises(DBAPIError, match="do not sum to zero"):
            await self.book_one_side(school.administrator)

    async def book_one_side(self, actor: Actor) -> None:
        async with transaction(actor) as session:
            account = await session.scalar(select(Account.id).where(col(Account.kind) == AccountKind.pool))
            transfer = Transfer(organization_id=actor.organization, kind="grant", idempotency_key="by hand")
            session.add(transfer)
            await session.flush()
            session.add(
                Entry(
                    organization_id=actor.organization,
                    transfer_id=transfer.id,
                    account_id=account,
                    amount=1,
                    balance=1,
                )
            )

    async def test_refuse_to_hold_more_than_there_is(self, school):
        with pytest.raises(DBAPIError, match="covered"):
            async with transaction(school.teacher) as session:
                await session.execute(
                    update(Account).where(col(Account.owner_id) == school.teacher.user).values(held=11 * CREDIT)
                )

    async def test_refuse_to_change_what_was_booked(self, school):
        with pytest.raises(DBAPIError, match="append-only"):
            async with transaction(school.administrator) as session:
                await session.execute(text("update credit_entries set amount = 0"))

    @pytest.mark.parametrize("table", TABLES)
    async def test_show_nothing_of_ours_to_a_stranger(self, school, table):
        await settle(school.teacher, await hold(school.teacher, CREDIT), CREDIT)
        query = text(f"select count(*) from {table}")  # noqa: S608
        async with transaction(school.teacher) as session:
            assert await session.scalar(query)
        async with transaction(school.stranger) as session:
            assert await session.scalar(query) == 0
