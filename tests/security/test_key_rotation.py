"""New secrets for old keys, and keys that others see to."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.core import notices
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service import actor_of_key, people
from faraday_app.security.jobs import keys as jobs
from faraday_app.security.models import ApiKey
from faraday_app.security.service import api_keys
from faraday_app.security.service.api_keys import KeyFilter

DAY = timedelta(days=1)


@pytest.fixture
def told(monkeypatch):
    """What people are told, in place of the notifications above."""
    heard: list[notices.Notice] = []

    async def deliver(_session, notice):
        heard.append(notice)

    monkeypatch.setattr(notices, "_deliver", [deliver])
    return heard


async def create(actor, name="Import", expires_at=None):
    async with transaction(actor) as session:
        return await api_keys.create_api_key(session, actor, name, [Permission.assistant_use], expires_at)


async def rotate(actor, key_id, grace=DAY):
    async with transaction(actor) as session:
        return await api_keys.rotate_api_key(session, actor, key_id, grace)


async def revoke(actor, key_id):
    async with transaction(actor) as session:
        await api_keys.revoke_api_key(session, actor, key_id)


async def set_back(row, **values):
    async with transaction(Actor.system()) as session:
        await session.execute(update(ApiKey).where(col(ApiKey.id) == row.id).values(**values))


class TestRotateApiKey:
    async def test_lets_both_work_until_the_time_of_grace_is_over(self, cast):
        row, old = await create(cast.teacher)
        _, new = await rotate(cast.teacher, row.id)
        first, second = await actor_of_key(old), await actor_of_key(new)
        assert first
        assert second
        assert first.api_key_id == second.api_key_id == row.id
        await set_back(row, old_until=now() - timedelta(seconds=1))
        assert await actor_of_key(old) is None
        assert await actor_of_key(new)

    async def test_ends_the_old_one_at_once_without_grace(self, cast):
        row, old = await create(cast.teacher)
        _, new = await rotate(cast.teacher, row.id, timedelta(0))
        assert await actor_of_key(old) is None
        assert await actor_of_key(new)

    async def test_repeated_keeps_the_old_one_and_ends_what_got_lost(self, cast):
        row, old = await create(cast.teacher)
        _, lost = await rotate(cast.teacher, row.id)
        _, new = await rotate(cast.teacher, row.id)
        assert await actor_of_key(lost) is None
        assert await actor_of_key(old)
        assert await actor_of_key(new)

    async def test_later_keeps_the_one_before(self, cast):
        row, first = await create(cast.teacher)
        _, second = await rotate(cast.teacher, row.id)
        await set_back(row, rotated_at=now() - timedelta(hours=1))
        _, third = await rotate(cast.teacher, row.id)
        assert [bool(await actor_of_key(each)) for each in (first, second, third)] == [False, True, True]

    async def test_begins_its_life_again(self, cast):
        row, _ = await create(cast.teacher, expires_at=now() + 30 * DAY)
        await set_back(row, created_at=now() - 20 * DAY, expires_at=now() + 10 * DAY)
        renewed, _ = await rotate(cast.teacher, row.id)
        assert renewed.expires_at
        assert abs(renewed.expires_at - now() - 30 * DAY) < timedelta(minutes=1)

    async def test_with_a_key_does_not_prolong_it(self, cast):
        async with transaction(cast.teacher) as session:
            until = now() + 3 * DAY
            row, secret = await api_keys.create_api_key(
                session, cast.teacher, "Self", [Permission.api_keys_manage], until
            )
        actor = await actor_of_key(secret)
        assert actor
        renewed, _ = await rotate(actor, row.id)
        assert renewed.expires_at == until

    @pytest.mark.parametrize("grace", [-DAY, 31 * DAY])
    async def test_refuses_another_time_of_grace(self, cast, grace):
        row, _ = await create(cast.teacher)
        with pytest.raises(Invalid):
            await rotate(cast.teacher, row.id, grace)

    async def test_is_for_its_owner_alone(self, cast):
        row, _ = await create(cast.teacher)
        for other in (cast.administrator, cast.colleague, cast.stranger):
            with pytest.raises(NotFound):
                await rotate(other, row.id)
        with pytest.raises(NotPermitted):
            await rotate(cast.student, row.id)
        await revoke(cast.teacher, row.id)
        with pytest.raises(NotFound):
            await rotate(cast.teacher, row.id)


class TestRevokeApiKey:
    async def test_of_somebody_tells_the_owner(self, cast, told):
        row, secret = await create(cast.teacher)
        await revoke(cast.administrator, row.id)
        assert await actor_of_key(secret) is None
        assert [(each.recipients, each.kind) for each in told] == [((cast.teacher.user_id,), "api_key.revoked")]
        assert secret[4:] not in str(told)

    async def test_of_ones_own_tells_nobody(self, cast, told):
        row, _ = await create(cast.teacher)
        await revoke(cast.teacher, row.id)
        assert told == []

    async def test_ends_the_old_secret_too(self, cast):
        row, old = await create(cast.teacher)
        _, new = await rotate(cast.teacher, row.id)
        await revoke(cast.teacher, row.id)
        assert [await actor_of_key(each) for each in (old, new)] == [None, None]

    async def test_comes_with_deactivation_and_stays(self, cast):
        _, secret = await create(cast.teacher)
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.teacher.user)
        async with transaction(cast.administrator) as session:
            await people.reactivate(session, cast.administrator, cast.teacher.user)
        assert await actor_of_key(secret) is None


class TestCreateApiKey:
    async def test_of_many_at_once_makes_no_more_than_there_may_be(self, cast):
        made = await asyncio.gather(*(create(cast.teacher) for _ in range(api_keys.MOST + 10)), return_exceptions=True)
        assert sum(isinstance(each, Invalid) for each in made) == 10


class TestSearch:
    async def test_shows_everybodys_in_pages(self, cast):
        for number in range(3):
            await create(cast.teacher, f"Key {number}")
        await create(cast.stranger, "Theirs")
        names, before = [], None
        while True:
            async with transaction(cast.administrator) as session:
                found = await api_keys.search(session, cast.administrator, KeyFilter("key ", before), 2)
            if not found:
                break
            names += [row.name for row in found]
            before = found[-1].id
        assert names == ["Key 2", "Key 1", "Key 0"]

    async def test_takes_signs_as_they_are(self, cast):
        await create(cast.teacher, "Key")
        async with transaction(cast.administrator) as session:
            assert await api_keys.search(session, cast.administrator, KeyFilter("%")) == []

    async def test_is_for_those_who_see_to_security(self, cast):
        async with transaction(cast.head) as session:
            with pytest.raises(NotPermitted):
                await api_keys.search(session, cast.head, KeyFilter())


class TestWarnOfExpiry:
    async def test_tells_the_owner_once_a_week_before(self, cast, told):
        soon, _ = await create(cast.teacher, "Soon", expires_at=now() + 30 * DAY)
        await set_back(soon, created_at=now() - 24 * DAY, expires_at=now() + 6 * DAY)
        await create(cast.teacher, "Later", expires_at=now() + 8 * DAY)
        await create(cast.teacher, "Short", expires_at=now() + DAY)
        await jobs.warn_of_expiry(0)
        await jobs.warn_of_expiry(0)
        ours = [each for each in told if each.recipients == (cast.teacher.user_id,)]
        assert [each.kind for each in ours] == ["api_key.expiring"]
        assert "Soon" in ours[0].title
