"""What GPTs give to each other: who may, what is in it, and that it ends when it shall."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.contexts.models import GptShare, SharePart, ShareStatus
from faraday_app.contexts.service import gpts, shares
from faraday_app.contexts.service.shares import Offer, offering
from faraday_app.core import notices
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, LimitReached, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import registry
from faraday_app.security.models import AuditEvent
from tests.factories.gpts import make_gpt
from tests.factories.shares import EVERYTHING, WORDS, accept, end, gets, give, gives, inside, row, told


class TestOffer:
    async def test_to_ones_own_is_given_at_once_sealed(self, cast, nova, vega):
        share = await give(cast.teacher, nova, vega)
        assert share.status == ShareStatus.active
        assert "garden" not in (share.sealed_payload or "")
        assert await told(cast.teacher, vega) == [WORDS]
        assert await told(cast.teacher, nova) == []

    async def test_is_compressed(self, cast, vega):
        long = await make_gpt(cast.teacher, "Rigel", instructions="Speak of frogs and ponds. " * 250)
        share = await give(cast.teacher, long, vega)
        assert len(share.sealed_payload or "") < 1_000

    async def test_to_somebody_elses_waits_for_them(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        assert await told(cast.colleague, theirs) == []
        for person in (cast.teacher, cast.stranger):
            with pytest.raises((NotFound, NotPermitted)):
                await accept(person, share)
        await accept(cast.colleague, share)
        assert await told(cast.colleague, theirs) == [WORDS]
        assert await told(cast.head, theirs) == [WORDS]

    async def test_is_told_the_owner_of_the_target(self, cast, nova, theirs, monkeypatch):
        told: list[notices.Notice] = []

        async def deliver(_, notice: notices.Notice) -> None:
            told.append(notice)

        monkeypatch.setattr(notices, "_deliver", [deliver])
        await give(cast.teacher, nova, theirs)
        (notice,) = told
        assert notice.recipients == (cast.colleague.user,)
        assert notice.title == "Maya Okafor would give something of “Nova” to your GPT “Lyra”"

    async def test_is_for_the_owner_of_the_source(self, cast, nova, theirs):
        shared = await make_gpt(cast.teacher, "Mira", shared=True)
        with pytest.raises(NotFound):
            await give(cast.colleague, nova, theirs)
        with pytest.raises(NotPermitted):
            await give(cast.colleague, shared, theirs)
        with pytest.raises(NotFound):
            await give(cast.stranger, nova, theirs)
        with pytest.raises(NotFound):
            await give(cast.colleague, theirs, nova)

    async def test_of_students_stays_among_their_own(self, cast, theirs):
        one, other = await make_gpt(cast.student, "One", instructions=WORDS), await make_gpt(cast.student, "Other")
        with pytest.raises(NotPermitted):
            await give(cast.student, one, theirs)
        assert (await give(cast.student, one, other)).status == ShareStatus.active

    @pytest.mark.parametrize(
        "wrong",
        [
            Offer(frozenset()),
            Offer(frozenset({SharePart.memory})),
            Offer(frozenset({SharePart.instructions}), until=now() - timedelta(minutes=1)),
            Offer(frozenset({SharePart.instructions}), until=now() + timedelta(days=9_999)),
        ],
    )
    async def test_refuses_what_makes_no_sense(self, cast, nova, vega, wrong):
        with pytest.raises(Invalid):
            await give(cast.teacher, nova, vega, wrong)

    async def test_refuses_itself_and_too_many(self, cast, nova, vega, monkeypatch):
        with pytest.raises(Invalid):
            await give(cast.teacher, nova, nova)
        monkeypatch.setattr(offering, "MOST", 0)
        with pytest.raises(LimitReached):
            await give(cast.teacher, nova, vega)

    async def test_of_two_at_once_one_is_made(self, cast, nova, vega):
        both = await asyncio.gather(*[give(cast.teacher, nova, vega) for _ in range(2)], return_exceptions=True)
        assert sorted(type(each).__name__ for each in both) == ["Conflict", "GptShare"]

    async def test_is_recorded_with_both(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        await accept(cast.colleague, share)
        async with transaction(Actor.system()) as session:
            query = select(AuditEvent).where(col(AuditEvent.action).like("gpt.g%s\\_%"))
            mine = query.where(col(AuditEvent.organization_id) == cast.organization_id).order_by(col(AuditEvent.id))
            found = [(event.action, event.target_id) for event in (await session.scalars(mine)).all()]
        assert found == [
            ("gpt.gives_offered", nova.id),
            ("gpt.gets_offered", theirs.id),
            ("gpt.gives_active", nova.id),
            ("gpt.gets_active", theirs.id),
        ]


class TestDecide:
    async def test_of_two_who_accept_at_once_one_wins(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        both = await asyncio.gather(*[accept(cast.colleague, share) for _ in range(2)], return_exceptions=True)
        assert sorted(type(each).__name__ for each in both) == ["Conflict", "GptShare"]

    async def test_declined_it_holds_nothing(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        async with transaction(cast.colleague) as session:
            await shares.decline(session, cast.colleague, share.id, 1)
        assert (await row(share)).sealed_payload is None
        with pytest.raises(Conflict):
            await accept(cast.colleague, share, 2)
        assert (await give(cast.teacher, nova, theirs)).status == ShareStatus.offered

    async def test_cannot_be_accepted_when_it_has_run_out(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        await run_out(share)
        with pytest.raises(Conflict):
            await accept(cast.colleague, share)


async def run_out(share) -> None:
    async with transaction(Actor.system()) as session:
        past = update(GptShare).where(col(GptShare.id) == share.id).values(until=now() - timedelta(seconds=1))
        await session.execute(past)


class TestEnd:
    async def test_stops_at_once_from_either_side(self, cast, nova, theirs):
        for side in (cast.teacher, cast.colleague):
            share = await give(cast.teacher, nova, theirs)
            await accept(cast.colleague, share)
            for other in (cast.head, cast.administrator, cast.stranger):
                with pytest.raises(NotFound):
                    await end(other, share)
            await end(side, share)
            assert await told(cast.colleague, theirs) == []
            assert (await row(share)).sealed_payload is None
            await end(side, share)

    async def test_run_out_it_is_given_to_nobody_and_erased_later(self, cast, nova, vega):
        share = await give(cast.teacher, nova, vega)
        await run_out(share)
        assert await told(cast.teacher, vega) == []
        assert [each.over for each in await gives(cast.teacher, nova)] == [True]
        assert await shares.erase() >= 1
        found = await row(share)
        assert (found.status, found.sealed_payload) == (ShareStatus.ended, None)

    async def test_makes_room_for_another_when_it_has_run_out(self, cast, nova, vega):
        await run_out(await give(cast.teacher, nova, vega))
        await give(cast.teacher, nova, vega)
        assert await told(cast.teacher, vega) == [WORDS]

    async def test_of_an_archived_source_is_given_no_more(self, cast, nova, vega):
        await give(cast.teacher, nova, vega)
        async with transaction(cast.teacher) as session:
            await gpts.archive(session, cast.teacher, nova.id)
        assert await told(cast.teacher, vega) == []


class TestListed:
    async def test_on_both_sides_for_their_owners_alone(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        assert [each.target.name for each in await gives(cast.teacher, nova)] == ["Lyra"]
        assert [(each.source.name, each.other_owner) for each in await gets(cast.colleague, theirs)] == [
            ("Nova", "Maya Okafor")
        ]
        with pytest.raises(NotPermitted):
            await gets(cast.teacher, theirs)
        with pytest.raises(NotFound):
            await gives(cast.colleague, nova)
        assert [entry.text for entry in await inside(cast.colleague, share)] == [WORDS]
        for person in (cast.head, cast.administrator, cast.stranger):
            with pytest.raises(NotFound):
                await inside(person, share)

    async def test_says_when_the_source_changed_and_renews(self, cast, nova, vega):
        share = await give(cast.teacher, nova, vega)
        async with transaction(cast.teacher) as session:
            draft = gpts.Draft("Nova", "Answer in rhymes.", model="auto")
            await gpts.change(session, cast.teacher, nova.id, nova.version, draft)
        assert [each.stale for each in await gives(cast.teacher, nova)] == [True]
        assert [each.stale for each in await gets(cast.teacher, vega)] == [True]
        assert await told(cast.teacher, vega) == [WORDS]
        async with transaction(cast.teacher) as session:
            await shares.renew(session, cast.teacher, share.id, 1)
        assert [each.stale for each in await gives(cast.teacher, nova)] == [False]
        assert await told(cast.teacher, vega) == ["Answer in rhymes."]
        async with transaction(cast.teacher) as session:
            with pytest.raises(Conflict):
                await shares.renew(session, cast.teacher, share.id, 1)

    async def test_with_more_than_was_accepted_waits_again(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        await accept(cast.colleague, share)
        async with transaction(cast.colleague) as session:
            with pytest.raises((NotFound, NotPermitted)):
                await shares.renew(session, cast.colleague, share.id, 2)
        async with transaction(cast.teacher) as session:
            await shares.renew(session, cast.teacher, share.id, 2, EVERYTHING)
        assert (await row(share)).status == ShareStatus.offered
        assert await told(cast.colleague, theirs) == []


def test_is_sealed_anew_when_the_key_changes():
    assert any((each.table, each.purpose) == ("gpt_shares", "share {id}") for each in registry.columns())
