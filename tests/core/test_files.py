"""Files in the store: encrypted, under our names, and gone without their key."""

import base64

import pytest

from faraday_app.core import files
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.settings import settings

WORDS = b"Nova Lind has a nut allergy. " * 200


def on_disk(organization_id, file_id):
    return settings().data.resolve() / "files" / organization_id.hex / file_id.hex


class TestFiles:
    async def test_come_back_as_they_were_and_lie_encrypted(self):
        organization_id, file_id = new_id(), new_id()
        key = await files.keep(organization_id, file_id, WORDS)
        lying = on_disk(organization_id, file_id).read_bytes()
        assert b"Nova" not in lying
        assert len(lying) < len(WORDS) / 10
        assert await files.read(organization_id, file_id, key) == WORDS
        await files.remove(organization_id, file_id)
        with pytest.raises(files.Gone):
            await files.read(organization_id, file_id, key)
        await files.remove(organization_id, file_id)

    async def test_are_read_with_their_own_key_in_their_own_place_only(self):
        organization_id, one, other = new_id(), new_id(), new_id()
        key = await files.keep(organization_id, one, WORDS)
        on_disk(organization_id, other).write_bytes(on_disk(organization_id, one).read_bytes())
        wrong = base64.b64encode(bytes(32)).decode()
        for file_id, used in ((one, wrong), (one, "no key"), (other, key)):
            with pytest.raises(files.Gone):
                await files.read(organization_id, file_id, used)

    async def test_are_refused_beyond_the_limit(self, monkeypatch):
        monkeypatch.setattr(files, "LARGEST", 10)
        with pytest.raises(Invalid, match="at most"):
            await files.keep(new_id(), new_id(), b"0123456789a")
