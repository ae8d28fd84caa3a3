"""`rotate-keys` beside a running app: nothing is lost, not even when it is killed in the middle."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from faraday_app.core import vault
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.core.vault import rotation
from tests.core.test_vault import a_master, current, keep, kept, masters
from tests.factories.people import make_organization

ROOT = Path(__file__).parents[2]
LETTERS = 500

__all__ = ["masters"]


def start(*options):
    command = [sys.executable, "-m", "faraday_app", "rotate-keys", *options]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


async def ended(process):
    said, _ = await asyncio.to_thread(process.communicate, timeout=90)
    assert process.returncode == 0, said
    return said.decode()


async def moved(owner, ids):
    newest = await current(owner)
    return sum(letter.split(".")[1] == newest for letter in (await kept(ids)).values())


async def age(owner):
    async with transaction(Actor.system()) as session:
        older = text("update data_keys set created_at = now() - interval '2 hours' where organization_id = :id")
        await session.execute(older, {"id": owner})


class TestRotateKeys:
    async def test_is_finished_by_the_next_when_it_was_killed(self, masters):
        configure, local = masters
        owner = await make_organization()
        ids = await keep(owner, *(f"letter {number}" for number in range(LETTERS)))
        await age(owner)
        old = await current(owner)
        configure(a_master("next"), local)
        async with transaction(Actor.system()) as session:  # it gets no further than this, however quick it is
            await session.execute(text("select id from outgoing_mails where id = :id for update"), {"id": ids[-1]})
            first = start("--data")
            async with asyncio.timeout(90):
                while await current(owner) == old or not await moved(owner, ids):
                    assert first.poll() is None, first.communicate()
                    await asyncio.sleep(0.02)
            first.send_signal(signal.SIGKILL)
            await asyncio.to_thread(first.wait, 10)
        assert 0 < await moved(owner, ids) < LETTERS
        for id, letter in list((await kept(ids)).items())[::50]:
            assert await vault.unseal(letter, f"mail:{id}")
        half = await current(owner)
        said = await ended(start("--data"))
        assert "sealed anew" in said
        assert await current(owner) == half, "a repeat makes no further key"
        assert await moved(owner, ids) == LETTERS
        found = await kept(ids)
        assert [await vault.unseal(found[id], f"mail:{id}") for id in ids] == [f"letter {n}" for n in range(LETTERS)]
        async with transaction(Actor.system()) as session:
            assert set(await rotation.masters_needed(session)) == {"next"}
        configure(local, *settings().master_keys.get_secret_value().split(",")[:1])
        while await rotation.rewrap_some():
            pass

    async def test_makes_a_new_master_key_where_the_old_one_is_a_file(self):
        letter = await vault.seal(new_id(), "secret", "place")
        path = settings().data / "master-key"
        before = path.read_text().strip()
        said = await ended(start())
        after = path.read_text()
        assert after.endswith(f",{before}")
        assert (path.stat().st_mode & 0o777) == 0o600
        for entry in after.split(","):
            assert entry.split(":")[1] not in said
        vault.keys.forget()
        assert await vault.unseal(letter, "place") == "secret"
        assert await vault.seal(new_id(), "new", "place")

    @pytest.mark.parametrize("entry", ["short:AAAA", "no key"])
    async def test_refuses_what_is_no_master_key_and_does_not_repeat_it(self, monkeypatch, entry):
        monkeypatch.setenv("FARADAY_MASTER_KEYS", f"good:{'A' * 43}=,{entry}")
        process = start()
        said, _ = await asyncio.to_thread(process.communicate, timeout=60)
        assert process.returncode != 0
        assert "FARADAY_MASTER_KEYS must be" in said.decode()
        assert "AAAA" not in said.decode()
