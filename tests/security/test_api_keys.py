from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.service import actor_of_key, people
from faraday_app.security.models import ApiKey
from faraday_app.security.service import api_keys

ASK = [Permission.assistant_use]


async def create(actor, scopes=ASK, name="Import", expires_at=None):
    async with transaction(actor) as session:
        return await api_keys.create_api_key(session, actor, name, scopes, expires_at)


async def revoke(actor, key_id):
    async with transaction(actor) as session:
        await api_keys.revoke_api_key(session, actor, key_id)


async def names(actor):
    async with transaction(actor) as session:
        return [row.name for row in await api_keys.list_api_keys(session, actor)]


class TestCreateApiKey:
    async def test_acts_for_its_person_within_its_scopes(self, cast):
        _, secret = await create(cast.administrator, [Permission.people_read])
        actor = await actor_of_key(secret)
        assert actor is not None
        assert (actor.user_id, actor.permissions) == (cast.administrator.user_id, {Permission.people_read})

    async def test_keeps_only_the_hash_of_the_secret(self, cast):
        row, secret = await create(cast.teacher)
        assert secret not in row.model_dump_json()
        assert secret.startswith(row.prefix)
        assert len(row.prefix) < len(secret) / 3

    async def test_loses_what_its_person_loses(self, cast):
        _, secret = await create(cast.administrator, [Permission.people_read, Permission.assistant_use])
        await self.demote(cast)
        actor = await actor_of_key(secret)
        assert actor is not None
        assert actor.permissions == {Permission.assistant_use}

    async def demote(self, cast):
        faraday = Actor.system(cast.organization_id)
        async with transaction(faraday) as session:
            await people.change_member(session, faraday, cast.teacher.user, 1, Role.administrator, None)
            await people.change_member(session, faraday, cast.administrator.user, 1, Role.teacher, None)

    async def test_ends_with_its_person(self, cast):
        _, secret = await create(cast.teacher)
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.teacher.user)
        assert await actor_of_key(secret) is None

    async def test_ends_when_it_expires(self, cast):
        row, secret = await create(cast.teacher, expires_at=now() + timedelta(days=1))
        assert await actor_of_key(secret)
        async with transaction(cast.teacher) as session:
            late = update(ApiKey).where(col(ApiKey.id) == row.id)
            await session.execute(late.values(expires_at=now() - timedelta(seconds=1)))
        assert await actor_of_key(secret) is None

    @pytest.mark.parametrize(
        ("field", "how"),
        [
            ("name", {"name": "  "}),
            ("scopes", {"scopes": []}),
            ("scopes", {"scopes": [Permission.people_manage]}),
            ("expires_at", {"expires_at": now() - timedelta(days=1)}),
        ],
    )
    async def test_refuses_and_names_the_field(self, cast, field, how):
        with pytest.raises(Invalid) as refused:
            await create(cast.teacher, **how)
        assert refused.value.field == field

    async def test_refuses_more_than_a_person_can_look_after(self, cast):
        for number in range(api_keys.MOST):
            await create(cast.teacher, name=f"Key {number}")
        with pytest.raises(Invalid):
            await create(cast.teacher)

    async def test_is_not_for_students(self, cast):
        with pytest.raises(NotPermitted):
            await create(cast.student)


class TestFindApiKey:
    @pytest.mark.parametrize("secret", ["", "fdy_", "fdy_guess", "'; --", "fdy_" + "0" * 49, "fdy_" + "é" * 49])
    async def test_finds_nobody_for_a_guess(self, secret):
        assert await actor_of_key(secret) is None

    async def test_notes_the_use(self, cast):
        row, secret = await create(cast.teacher)
        await actor_of_key(secret)
        async with transaction(cast.teacher) as session:
            assert (await session.get_one(ApiKey, row.id)).last_used_at is not None


class TestListApiKeys:
    async def test_shows_ones_own_alone(self, cast):
        await create(cast.teacher, name="Mine")
        await create(cast.colleague, name="Hers")
        assert await names(cast.teacher) == ["Mine"]
        assert await names(cast.stranger) == []


class TestRevokeApiKey:
    async def test_ends_the_key_at_once(self, cast):
        row, secret = await create(cast.teacher)
        await revoke(cast.teacher, row.id)
        assert await actor_of_key(secret) is None
        assert await names(cast.teacher) == []

    async def test_is_not_found_for_anybody_else(self, cast):
        row, secret = await create(cast.teacher)
        for other in (cast.colleague, cast.head, cast.stranger):
            with pytest.raises(NotFound):
                await revoke(other, row.id)
        assert await actor_of_key(secret)

    async def test_is_not_found_the_second_time(self, cast):
        row, _ = await create(cast.teacher)
        await revoke(cast.teacher, row.id)
        with pytest.raises(NotFound):
            await revoke(cast.teacher, row.id)
