"""What is sealed stays sealed, and readable, whatever is rotated meanwhile, until its key is erased."""

import asyncio
import base64
import secrets
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlmodel import col

from faraday_app.core import vault
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.mail.models import OutgoingMail
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.core.vault import rotation
from faraday_app.core.vault.keys import CHANGED, Keys, current_row
from faraday_app.core.vault.models import DataKey
from faraday_app.core.vault.registry import sealed

FARADAY = Actor.system()


def a_master(name):
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@pytest.fixture
def masters(monkeypatch):
    """Sets the master keys of this process, as its environment would."""

    def configure(*entries):
        monkeypatch.setenv("FARADAY_MASTER_KEYS", ",".join(entries))
        settings.cache_clear()
        vault.keys.forget()

    assert settings().masters
    yield configure, (settings().data / "master-key").read_text()
    monkeypatch.undo()
    settings.cache_clear()
    vault.keys.forget()


async def rotate(organization_id):
    async with transaction(FARADAY) as session:
        await rotation.rotate(session, organization_id)
    vault.keys.forget()


async def keep(owner, *texts):
    """Letters that wait, sealed under the key of an owner."""
    ids = []
    async with transaction(FARADAY) as session:
        for each in texts:
            id = new_id()
            letter = await vault.seal(owner, each, f"mail:{id}")
            session.add(OutgoingMail(id=id, recipient="x@test.example", subject="", sealed=letter))
            ids.append(id)
    return ids


async def kept(ids):
    async with transaction(FARADAY) as session:
        rows = (await session.scalars(select(OutgoingMail).where(col(OutgoingMail.id).in_(ids)))).all()
    return {row.id: row.sealed for row in rows}


async def current(owner):
    async with transaction(FARADAY) as session:
        row = await current_row(session, owner)
    assert row
    return row.id.hex


class TestSeal:
    async def test_hides_the_text_and_gives_it_back(self):
        for words in ("", "Kuqi 🐸", "x" * 100_000):
            letter = await vault.seal(new_id(), words, "place")
            assert await vault.unseal(letter, "place") == words
            assert words not in letter or not words

    async def test_is_for_its_purpose_alone(self):
        letter = await vault.seal(new_id(), "secret", "one")
        with pytest.raises(vault.Unreadable):
            await vault.unseal(letter, "other")

    async def test_makes_one_key_of_many_first_uses(self):
        owner = new_id()
        letters = await asyncio.gather(*(Keys().current(owner) for _ in range(20)))
        assert len({key_id for key_id, _ in letters}) == 1

    async def test_tells_every_change(self):
        letter = await vault.seal(None, "secret", "place")

        @given(st.integers(0, len(letter) - 1), st.sampled_from("AbZ9-_.x"))
        def check(place, sign):
            changed = letter[:place] + sign + letter[place + 1 :]
            if changed != letter and not letter.endswith("=") and changed.split(".")[:2] == letter.split(".")[:2]:
                found.append(changed)

        found: list[str] = []
        check()
        for changed in found[:50]:
            with pytest.raises(vault.Unreadable):
                await vault.unseal(changed, "place")

    @pytest.mark.parametrize("odd", ["", "v1", "v1..", "v2.x.y", "v1.zz.AAAA", f"v1.{'0' * 32}.AAAA", "a.b.c.d"])
    async def test_opens_nothing_odd(self, odd):
        with pytest.raises(vault.Unreadable):
            await vault.unseal(odd, "place")


class TestRotate:
    async def test_keeps_what_was_sealed_readable(self):
        owner = new_id()
        before = await vault.seal(owner, "old", "place")
        await rotate(owner)
        after = await vault.seal(owner, "new", "place")
        assert before.split(".")[1] != after.split(".")[1]
        assert [await vault.unseal(each, "place") for each in (before, after)] == ["old", "new"]

    async def test_of_many_at_once_makes_one_key_that_is_current(self):
        owner = new_id()
        await vault.seal(owner, "old", "place")
        await asyncio.gather(*(rotate(owner) for _ in range(10)))
        async with transaction(FARADAY) as session:
            rows = (await session.scalars(select(DataKey).where(col(DataKey.organization_id) == owner))).all()
        assert sum(row.retired_at is None for row in rows) == 1

    async def test_is_heard_by_workers_that_remember_the_old_key(self):
        owner, elsewhere = new_id(), Keys()
        old, _ = await elsewhere.current(owner)
        await rotate(owner)
        assert (await elsewhere.current(owner))[0] == old
        elsewhere._hear({"topic": CHANGED, "id": "", "version": 1})
        assert (await elsewhere.current(owner))[0] != old

    async def test_is_noticed_after_a_minute_without_facts(self):
        owner, elsewhere = new_id(), Keys()
        old, cipher = await elsewhere.current(owner)
        await rotate(owner)
        until, *_ = elsewhere._current[owner]
        assert until <= time.monotonic() + 60
        elsewhere._current[owner] = (until - 60, old, cipher)
        assert (await elsewhere.current(owner))[0] != old


class TestReseal:
    @pytest.fixture(autouse=True)
    async def nothing_waits(self):
        await rotation.reseal()

    async def test_moves_everything_to_the_current_key(self):
        owner = new_id()
        words = [f"letter {number}" for number in range(rotation.BATCH * 2 + 3)]
        ids = await keep(owner, *words)
        await rotate(owner)
        assert await rotation.reseal() == len(words)
        now_sealed, newest = await kept(ids), await current(owner)
        assert {each.split(".")[1] for each in now_sealed.values()} == {newest}
        assert [await vault.unseal(now_sealed[id], f"mail:{id}") for id in ids] == words
        assert await rotation.reseal() == 0

    async def test_goes_on_where_it_was_interrupted(self, monkeypatch):
        owner = new_id()
        ids = await keep(owner, *(f"letter {number}" for number in range(rotation.BATCH + 20)))
        await rotate(owner)
        real, count = rotation._reseal_value, 0

        async def dies(*arguments):
            nonlocal count
            count += 1
            if count > rotation.BATCH + 5:
                raise ConnectionError("killed")
            return await real(*arguments)

        monkeypatch.setattr(rotation, "_reseal_value", dies)
        with pytest.raises(ConnectionError):
            await rotation.reseal()
        monkeypatch.setattr(rotation, "_reseal_value", real)
        assert await rotation.reseal() == 20
        for id, letter in (await kept(ids)).items():
            assert (await vault.unseal(letter, f"mail:{id}")).startswith("letter")

    async def test_leaves_what_it_cannot_read_and_goes_on(self):
        owner = new_id()
        ids = await keep(owner, "one", "two")
        broken = (await kept(ids))[ids[0]][:-6] + "AAAAA="
        async with transaction(FARADAY) as session:
            change = text("update outgoing_mails set sealed = :broken where id = :id")
            await session.execute(change, {"broken": broken, "id": ids[0]})
        await rotate(owner)
        assert await rotation.reseal() == 1
        assert (await kept(ids))[ids[0]] == broken

    def test_knows_only_names_that_are_names(self):
        for wrong in (("users; drop", "sealed", "x"), ("users", "Sealed", "x"), ("users", "sealed", "{a-b}")):
            with pytest.raises(ValueError, match="no name"):
                sealed(*wrong)

    async def test_under_traffic_loses_nothing(self):
        """Letters are written and read by others, who remember keys, while the key is rotated again and again."""
        owner, ids, done = new_id(), [], asyncio.Event()

        async def write():
            while not done.is_set():
                ids.extend(await keep(owner, "letter"))
                for id, letter in (await kept(ids[-5:])).items():
                    assert await vault.unseal(letter, f"mail:{id}") == "letter"

        writers = [asyncio.create_task(write()) for _ in range(4)]
        for _ in range(6):
            async with transaction(FARADAY) as session:
                await rotation.rotate(session, owner)
            await rotation.reseal()
            await asyncio.sleep(0.05)
        done.set()
        await asyncio.gather(*writers)
        vault.keys.forget()
        await rotation.reseal()
        found, newest = await kept(ids), await current(owner)
        assert len(found) > 20
        assert {letter.split(".")[1] for letter in found.values()} == {newest}
        for id, letter in found.items():
            assert await vault.unseal(letter, f"mail:{id}") == "letter"


class TestRewrap:
    async def test_puts_every_data_key_under_the_newest_master_key(self, masters):
        configure, local = masters
        letter, following = await vault.seal(new_id(), "secret", "place"), a_master("next")
        configure(following, local)
        while await rotation.rewrap_some():
            assert await vault.unseal(letter, "place") == "secret"
        async with transaction(FARADAY) as session:
            assert set(await rotation.masters_needed(session)) == {"next"}
        vault.keys.forget()
        assert await vault.unseal(letter, "place") == "secret"
        configure(local, following)
        while await rotation.rewrap_some():
            pass

    async def test_leaves_what_no_master_key_here_can_open(self, masters):
        configure, _ = masters
        letter = await vault.seal(new_id(), "secret", "place")
        configure(a_master("stranger"))
        assert await rotation.rewrap_some() == 0
        with pytest.raises(vault.Unreadable):
            await vault.unseal(letter, "place")


class TestLongText:
    async def test_is_smaller_than_it_was(self, cast):
        text = "Mira writes about light. " * 2_000
        sealed = await vault.seal(cast.teacher.organization, text, "essay")
        assert len(sealed) < len(text) / 10
        assert await vault.unseal(sealed, "essay") == text
