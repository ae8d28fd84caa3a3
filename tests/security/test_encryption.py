"""An organisation's encryption keys: seen, rotated and erased by those who may, and confirmed."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from faraday_app.core import vault
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, Invalid, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.jobs import jobs
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import rotation
from faraday_app.core.vault.jobs import blueprint, reseal_now
from faraday_app.security.models import AuditEvent, Session
from faraday_app.security.service import encryption
from faraday_app.security.state import EncryptionState
from faraday_app.ui.guard import ConfirmationWanted
from tests.core.test_vault import keep, kept
from tests.factories.tabs import open_tab


@pytest.fixture
def administrator(cast):
    return replace(cast.administrator, session_id=new_id(), confirmed_at=now())


async def seen(actor):
    async with transaction(actor) as session:
        return await encryption.overview(session, actor)


async def rotate(actor):
    async with transaction(actor) as session:
        await encryption.rotate(session, actor)
    vault.keys.forget()


async def erase(actor, name):
    async with transaction(actor) as session:
        await encryption.erase(session, actor, name)
    vault.keys.forget()


async def work_off():
    """What a worker does with the jobs that wait; what else waits, or is due by the clock, is other tests' affair."""
    app = jobs()
    if reseal_now.blueprint is blueprint:
        app.add_tasks_from(blueprint, namespace="vault")
    async with transaction(Actor.system()) as session:
        await session.execute(
            text("update procrastinate_jobs set queue_name = 'resealing' where task_name = 'vault:reseal'")
        )
    async with app.open_async():
        await app.run_worker_async(queues=["resealing"], wait=False, install_signal_handlers=False, listen_notify=False)


async def audited(actor):
    async with transaction(actor) as session:
        query = select(col(AuditEvent.action)).where(col(AuditEvent.action).startswith("encryption."))
        return list(await session.scalars(query.order_by(col(AuditEvent.id))))


class TestOverview:
    async def test_shows_keys_by_age_and_what_each_has_sealed(self, administrator):
        assert (await seen(administrator)).keys == []
        await keep(administrator.organization, "one", "two")
        await rotate(administrator)
        found = await seen(administrator)
        assert [(bool(key.retired_at), key.sealed) for key in found.keys] == [(False, 0), (True, 2)]
        assert (found.remaining, found.masters) == (2, {found.master: 2})

    async def test_shows_nothing_of_another_organization(self, administrator, cast):
        await keep(cast.stranger.organization, "theirs")
        assert (await seen(administrator)).keys == []

    async def test_is_for_administrators(self, cast):
        for actor in (cast.head, cast.teacher, cast.student):
            with pytest.raises(NotPermitted):
                await seen(actor)

    async def test_leaves_the_transaction_to_the_actor(self, administrator, cast):
        async with transaction(administrator) as session:
            await encryption.overview(session, administrator)
            theirs = text("select count(*) from organizations where id = :id")
            assert await session.scalar(theirs, {"id": cast.stranger.organization}) == 0


class TestRotate:
    async def test_seals_everything_anew_in_a_job(self, administrator):
        ids = await keep(administrator.organization, "one", "two")
        await rotate(administrator)
        async with transaction(Actor.system()) as session:
            waiting = text("select count(*) from procrastinate_jobs where task_name = 'vault:reseal'")
            assert await session.scalar(waiting) == 1
        await work_off()
        found = await seen(administrator)
        assert [(key.sealed, bool(key.retired_at)) for key in found.keys] == [(2, False), (0, True)]
        for id, letter in (await kept(ids)).items():
            assert await vault.unseal(letter, f"mail:{id}") in ("one", "two")
        assert await audited(administrator) == ["encryption.rotated"]

    async def test_asks_who_is_there(self, administrator):
        with pytest.raises(ConfirmationNeeded):
            await rotate(replace(administrator, confirmed_at=None))

    async def test_is_for_administrators(self, cast):
        with pytest.raises(NotPermitted):
            await rotate(replace(cast.head, confirmed_at=now()))


class TestErase:
    async def test_makes_everything_unreadable_and_is_on_record(self, administrator):
        letter = await vault.seal(administrator.organization, "secret", "place")
        await erase(administrator, " Hill School ")
        with pytest.raises(vault.Unreadable):
            await vault.unseal(letter, "place")
        assert [bool(key.erased_at) for key in (await seen(administrator)).keys] == [True]
        assert await audited(administrator) == ["encryption.erased"]

    async def test_removes_the_wrapped_key_itself(self, administrator):
        await vault.seal(administrator.organization, "secret", "place")
        await erase(administrator, "Hill School")
        async with transaction(Actor.system()) as session:
            left = text("select count(*) from data_keys where organization_id = :id and wrapped is not null")
            assert await session.scalar(left, {"id": administrator.organization}) == 0

    async def test_lets_new_things_be_sealed_under_a_new_key(self, administrator):
        await vault.seal(administrator.organization, "old", "place")
        await erase(administrator, "Hill School")
        letter = await vault.seal(administrator.organization, "new", "place")
        assert await vault.unseal(letter, "place") == "new"
        assert await rotation.reseal() >= 0

    @pytest.mark.parametrize("typed", ["", "hill school", "Lake School"])
    async def test_asks_for_the_name(self, administrator, typed):
        letter = await vault.seal(administrator.organization, "secret", "place")
        with pytest.raises(Invalid) as refused:
            await erase(administrator, typed)
        assert refused.value.field == "name"
        assert await vault.unseal(letter, "place") == "secret"

    async def test_asks_who_is_there_and_takes_no_key(self, administrator):
        for actor in (
            replace(administrator, confirmed_at=None),
            replace(administrator, api_key_id=new_id(), confirmed_at=None),
        ):
            with pytest.raises(ConfirmationNeeded):
                await erase(actor, "Hill School")


class TestEncryptionState:
    async def test_shows_the_keys_and_where_the_rotation_is(self, cast, administrator):
        await keep(cast.organization_id, "one")
        page = await open_tab(cast.administrator, EncryptionState)
        await EncryptionState.refresh.fn(page)
        assert [(row.state, row.sealed) for row in page.rows] == [("Current", "1")]
        await rotate(administrator)
        await EncryptionState.refresh.fn(page)
        assert [row.state for row in page.rows] == ["Current", "Retired"]
        assert (page.remaining, page.loading, page.error) == (1, False, "")

    async def test_needs_a_confirmed_session(self, cast):
        page = await open_tab(cast.administrator, EncryptionState)
        async with transaction(Actor.system()) as session:
            hers = update(Session).where(col(Session.user_id) == cast.administrator.user)
            await session.execute(hers.values(confirmed_at=None))
        for act in (EncryptionState.rotate.fn(page), EncryptionState.erase.fn(page, {"erase_name": "Hill School"})):
            with pytest.raises(ConfirmationWanted):
                await act

    async def test_says_why_it_shows_nothing_to_a_teacher(self, cast):
        page = await open_tab(cast.teacher, EncryptionState)
        await EncryptionState.refresh.fn(page)
        assert page.rows == []
        assert "encryption:manage" in page.error
