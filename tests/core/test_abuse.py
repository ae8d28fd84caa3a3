import time

import pytest

from faraday_app.core import abuse as store
from faraday_app.core.abuse import FIRST, LONGEST, Abuse, Block, Violation
from faraday_app.core.addresses import gate
from faraday_app.core.ids import new_id
from faraday_app.core.redis import redis

_numbers = iter(range(1, 60_000))


@pytest.fixture
def place() -> str:
    number = next(_numbers) + int(time.time()) % 60_000
    return f"198.18.{number // 250 % 250}.{number % 250 + 1}"


@pytest.fixture
async def abuse(place):
    store.install()
    yield Abuse()
    await store.release(place)


async def _failed(abuse: Abuse, place: str, account: str, times: int) -> None:
    for _ in range(times):
        abuse.note(place, Violation.sign_in, account)
    await abuse.settled()


class TestNote:
    async def test_blocks_a_stranger_who_tries_many_accounts(self, abuse, place):
        assert await gate.admits_anybody(place)
        for number in range(25):
            await _failed(abuse, place, f"account {number}", 1)
        assert not await gate.admits_anybody(place)

    async def test_does_not_block_a_school_for_a_few_clumsy_pupils(self, abuse, place):
        for _ in range(30):
            abuse.greet(place, new_id())
        await abuse.settled()
        for number in range(6):
            await _failed(abuse, place, f"pupil {number}", 12)
        assert await gate.admits_anybody(place)

    async def test_blocks_even_a_school_when_it_is_attacked_from_within(self, abuse, place):
        for _ in range(30):
            abuse.greet(place, new_id())
        await abuse.settled()
        for number in range(175):
            await _failed(abuse, place, f"account {number}", 1)
        assert not await gate.admits_anybody(place)

    async def test_of_one_account_alone_never_blocks_an_address(self, abuse, place):
        await _failed(abuse, place, "the clumsy one", 80)
        assert await gate.admits_anybody(place)

    async def test_of_success_with_one_account_helps_an_attacker_little(self, abuse, place):
        person = new_id()
        for _ in range(50):
            abuse.greet(place, person)
        await abuse.settled()
        for number in range(26):
            await _failed(abuse, place, f"account {number}", 1)
        assert not await gate.admits_anybody(place)

    async def test_counts_ipv6_by_its_64(self, abuse):
        for number in range(25):
            abuse.note(f"2001:db8:77:1::{number:x}", Violation.key)
        await abuse.settled()
        assert not await gate.admits_anybody("2001:db8:77:1::ffff")
        assert await gate.admits_anybody("2001:db8:77:2::1")
        await store.release("2001:db8:77:1::/64")

    async def test_never_blocks_loopback_and_survives_garbage(self, abuse):
        for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "", "nonsense", "\x00"):
            for _ in range(40):
                abuse.note(address, Violation.key)
        await abuse.settled()
        assert await gate.admits_anybody("127.0.0.1")
        assert await gate.admits_anybody("nonsense")

    async def test_lasts_twice_as_long_each_time_up_to_a_day(self, abuse, place):
        told: list[Block] = []

        async def tell(block: Block) -> None:
            told.append(block)

        abuse.on_block.append(tell)
        for _ in range(11):
            await redis().delete(f"abuse:{place}:until")
            for _ in range(21):
                abuse.note(place, Violation.key)
            await abuse.settled()
        lasted = [round(block.until - block.since) for block in told]
        assert lasted[:3] == [FIRST, 2 * FIRST, 4 * FIRST]
        assert lasted[-1] == LONGEST
        assert told[0].causes == {"key": 105}
        assert await redis().ttl(f"abuse:{place}:level") > 6 * 86_400

    async def test_spares_what_those_who_were_touched_allow(self, abuse, place):
        async def spares(found: str, organizations: list[str]) -> bool:
            return found == place

        abuse.spares = spares
        for _ in range(30):
            abuse.note(place, Violation.key)
        await abuse.settled()
        assert await gate.admits_anybody(place)


class TestRelease:
    async def test_lets_the_address_in_at_once_and_counts_anew(self, abuse, place):
        for _ in range(25):
            abuse.note(place, Violation.key)
        await abuse.settled()
        assert place in [block.place for block in await store.list_blocks()]
        assert await store.release(place)
        assert await gate.admits_anybody(place)
        abuse.note(place, Violation.key)
        await abuse.settled()
        assert await gate.admits_anybody(place)
