import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from faraday_app.core.abuse import Violation, abuse
from faraday_app.core.abuse import release as release_store
from faraday_app.core.addresses import Kind, gate
from faraday_app.core.addresses.gate import Only
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import sign_in
from faraday_app.security import service as security
from faraday_app.security.models import AddressRule, AuditEvent
from faraday_app.security.service import addresses, blocks
from faraday_app.security.service.addresses import Wanted
from tests.factories.people import PASSWORD, email_of

OWN = "203.0.113.5"


@pytest.fixture(autouse=True)
def installed() -> None:
    security.install()
    gate.rules.forget()


@pytest.fixture
def keeper(cast) -> Actor:
    return replace(cast.administrator, address=OWN)


async def _add(actor: Actor, what: str, kind: Kind = Kind.block, **options: object) -> AddressRule:
    async with transaction(actor) as session:
        row = await addresses.add_rule(session, actor, Wanted(kind, what, **options))  # type: ignore[arg-type]
    gate.rules.forget()
    return row


async def _admits(actor: Actor, address: str, *, api: bool = False) -> bool:
    return await gate.admits(address, actor.organization, staff=actor.is_staff, api=api)


class TestAddRule:
    async def test_holds_for_its_organisation_alone(self, cast, keeper):
        await _add(keeper, "198.51.100.0/24")
        assert not await _admits(cast.teacher, "198.51.100.9")
        assert await _admits(cast.teacher, "198.51.101.9")
        assert await _admits(cast.stranger, "198.51.100.9")

    async def test_lets_explicit_allow_come_before_block_and_country(self, cast, keeper):
        await _add(keeper, "198.51.100.9", Kind.allow)
        await _add(keeper, "198.51.100.0/24")
        await _add(keeper, "US")
        await _add(keeper, "8.8.8.8", Kind.allow)
        assert await _admits(cast.teacher, "198.51.100.9")
        assert not await _admits(cast.teacher, "198.51.100.8")
        assert await _admits(cast.teacher, "8.8.8.8")
        assert not await _admits(cast.teacher, "8.8.4.4")

    @pytest.mark.parametrize("what", [OWN, "203.0.113.0/24", "203.0.0.0/8", f"::ffff:{OWN}"])
    async def test_refuses_to_lock_out_whoever_adds_it(self, keeper, what):
        with pytest.raises(Invalid, match="Your own address"):
            await _add(keeper, what)

    async def test_refuses_to_lock_out_by_country(self, cast):
        with pytest.raises(Invalid, match="Your own address"):
            await _add(replace(cast.administrator, address="8.8.8.8"), "US")

    async def test_takes_such_a_rule_in_shadow(self, cast, keeper):
        row = await _add(keeper, "203.0.113.0/24", shadow=True)
        assert await _admits(cast.teacher, OWN)
        async with transaction(keeper) as session:
            with pytest.raises(Invalid, match="Your own address"):
                await addresses.set_shadow(session, keeper, row.id, False)

    @pytest.mark.parametrize("what", ["", "nonsense", "10.0.0.0/33", "0.0.0.0/0", "::/0", "1.2.3", "10.0.0.0/-1", "ÄÖ"])
    async def test_refuses_what_is_no_address(self, keeper, what):
        with pytest.raises(Invalid):
            await _add(keeper, what)

    async def test_refuses_the_same_again_also_of_a_hundred_at_once(self, keeper):
        results = await asyncio.gather(*(_add(keeper, "198.51.100.7") for _ in range(20)), return_exceptions=True)
        assert sum(isinstance(result, AddressRule) for result in results) == 1
        assert sum(isinstance(result, Conflict) for result in results) == 19

    async def test_is_for_administrators(self, cast):
        with pytest.raises(NotPermitted):
            await _add(cast.teacher, "198.51.100.7")

    async def test_ends_when_it_expires(self, cast, keeper):
        await _add(keeper, "198.51.100.7", expires_at=now() + timedelta(seconds=0.4))
        assert not await _admits(cast.teacher, "198.51.100.7")
        await asyncio.sleep(0.5)
        assert await _admits(cast.teacher, "198.51.100.7")

    async def test_of_faraday_holds_for_everybody_and_is_hidden_from_administrators(self, keeper):
        faraday = Actor.system()
        row = await _add(faraday, "192.0.2.77")
        assert not await gate.admits_anybody("192.0.2.77")
        async with transaction(keeper) as session:
            assert row.id not in [each.id for each in await addresses.list_rules(session, keeper, 100)]
            with pytest.raises(NotFound):
                await addresses.remove_rule(session, keeper, row.id)
        async with transaction(faraday) as session:
            await addresses.remove_rule(session, faraday, row.id)
        gate.rules.forget()
        assert await gate.admits_anybody("192.0.2.77")

    async def test_is_recorded(self, keeper):
        row = await _add(keeper, "198.51.100.0/24", note="Scanner")
        async with transaction(keeper) as session:
            event = await session.scalar(select(AuditEvent).where(AuditEvent.target_id == row.id))
        assert event.action == "address_rule.added"
        assert event.details["name"] == "198.51.100.0/24"


class TestRemoveRule:
    async def test_is_not_found_by_another_organisation(self, cast, keeper):
        row = await _add(keeper, "198.51.100.7")
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await addresses.remove_rule(session, cast.stranger, row.id)
            with pytest.raises(NotFound):
                await addresses.set_shadow(session, cast.stranger, row.id, True)

    async def test_refuses_to_take_away_what_lets_its_maker_in(self, keeper):
        row = await _add(keeper, OWN, Kind.allow)
        async with transaction(keeper) as session:
            await addresses.set_policy(session, keeper, Only(staff=True))
        with pytest.raises(Invalid, match="Your own address"):
            async with transaction(keeper) as session:
                await addresses.remove_rule(session, keeper, row.id)


class TestSetPolicy:
    async def test_needs_an_allowed_address_first(self, keeper):
        with pytest.raises(Invalid, match="Allow an address first"):
            async with transaction(keeper) as session:
                await addresses.set_policy(session, keeper, Only(staff=True))

    async def test_keeps_staff_to_allowed_addresses_and_leaves_students_alone(self, cast, keeper):
        await _add(keeper, "203.0.113.0/24", Kind.allow)
        async with transaction(keeper) as session:
            await addresses.set_policy(session, keeper, Only(staff=True))
        gate.rules.forget()
        assert await _admits(cast.teacher, OWN)
        assert not await _admits(cast.teacher, "198.51.100.9")
        assert await _admits(cast.student, "198.51.100.9")

    async def test_keeps_keys_to_allowed_addresses(self, cast, keeper):
        await _add(keeper, "203.0.113.0/24", Kind.allow)
        async with transaction(keeper) as session:
            await addresses.set_policy(session, keeper, Only(api=True))
        gate.rules.forget()
        assert not await _admits(cast.teacher, "198.51.100.9", api=True)
        assert await _admits(cast.teacher, "198.51.100.9")


class TestHits:
    async def test_are_counted_and_written_down_once(self, cast, keeper):
        row = await _add(keeper, "198.51.100.0/24", shadow=True)
        for _ in range(3):
            assert await _admits(cast.teacher, "198.51.100.9")
        await addresses.write_hits()
        await addresses.write_hits()
        async with transaction(keeper) as session:
            found = await addresses.get_rule(session, keeper, row.id)
        assert found.hits == 3
        assert found.last_hit_at is not None


class TestSignIn:
    async def test_is_refused_from_a_blocked_address(self, cast, keeper):
        await _add(keeper, "198.51.100.0/24")
        with pytest.raises(NotPermitted, match="from where you are"):
            await sign_in(await email_of(cast.teacher), PASSWORD, "198.51.100.9", "")
        assert await sign_in(await email_of(cast.teacher), PASSWORD, "198.51.101.9", "")


class TestBlocks:
    async def test_are_seen_and_released_by_those_they_touched(self, cast, keeper):
        for number in range(25):
            abuse.note("198.19.7.7", Violation.sign_in, f"account {number}", cast.organization_id)
        await abuse.settled()
        (found,) = [block for block in await blocks.list_blocks(keeper) if block.place == "198.19.7.7"]
        assert blocks.reason(found) == "failed sign-ins"
        assert "198.19.7.7" not in [block.place for block in await blocks.list_blocks(cast.stranger)]
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await blocks.release(session, cast.stranger, "198.19.7.7")
        async with transaction(keeper) as session:
            events = (await session.scalars(select(AuditEvent).where(AuditEvent.action == "address.blocked"))).all()
            assert [event.details["reason"] for event in events] == ["failed sign-ins"]
            await blocks.release(session, keeper, "198.19.7.7")
        assert await gate.admits_anybody("198.19.7.7")

    async def test_spare_an_address_that_the_organisation_allows(self, cast, keeper):
        await _add(keeper, "198.19.8.0/24", Kind.allow)
        for number in range(25):
            abuse.note("198.19.8.8", Violation.sign_in, f"account {number}", cast.organization_id)
        await abuse.settled()
        assert await gate.admits_anybody("198.19.8.8")
        await release_store("198.19.8.8")
