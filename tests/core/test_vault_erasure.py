"""An organisation's keys erased: what they sealed is lost, at once and everywhere."""

import asyncio

import pytest

from faraday_app.core import vault
from faraday_app.core.database import transaction
from faraday_app.core.facts import listener
from faraday_app.core.ids import new_id
from faraday_app.core.vault import rotation
from faraday_app.core.vault.keys import Keys
from tests.core.test_vault import FARADAY, rotate


async def erase(organization_id):
    async with transaction(FARADAY) as session:
        return await rotation.erase(session, organization_id)


class TestErase:
    async def test_makes_everything_of_the_organization_unreadable_and_nothing_else(self):
        owner, other = new_id(), new_id()
        before = await vault.seal(owner, "old", "place")
        await rotate(owner)
        ours, theirs = await vault.seal(owner, "ours", "place"), await vault.seal(other, "theirs", "place")
        assert await erase(owner) == 2
        vault.keys.forget()
        for letter in (before, ours):
            with pytest.raises(vault.Unreadable):
                await vault.unseal(letter, "place")
        assert await vault.unseal(theirs, "place") == "theirs"

    async def test_is_heard_by_workers_at_once(self):
        owner, elsewhere = new_id(), Keys()
        elsewhere.listen()
        listening = asyncio.create_task(listener.run())
        while not listener.connected:
            await asyncio.sleep(0.01)
        letter = await vault.seal(owner, "secret", "place")
        key_id = (await elsewhere.current(owner))[0]
        await elsewhere.of(key_id)
        await erase(owner)
        async with asyncio.timeout(1):
            while elsewhere._ciphers or elsewhere._current:
                await asyncio.sleep(0.01)
        with pytest.raises(vault.Unreadable):
            await elsewhere.of(key_id)
        listening.cancel()
        vault.keys.forget()
        with pytest.raises(vault.Unreadable):
            await vault.unseal(letter, "place")

    async def test_does_not_let_what_is_being_looked_up_be_remembered(self):
        owner, elsewhere = new_id(), Keys()
        looking = asyncio.ensure_future(elsewhere.current(owner))
        await asyncio.sleep(0)
        elsewhere.forget()
        await looking
        assert elsewhere._current == {}
