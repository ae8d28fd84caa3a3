import os

import pytest

from faraday_app.core import files, sealed_streams
from faraday_app.core.ids import new_id
from faraday_app.core.sealed_streams import PIECE, Damaged, Sealing
from faraday_app.core.vault import Unreadable

PLAIN = os.urandom(3 * PIECE + 5)


@pytest.fixture
async def kept(cast):
    """A file of several pieces in the store: its path and key."""
    path = files.name(cast.organization_id, new_id())
    key, head = await sealed_streams.key_for(cast.organization_id, "test:1")
    with sealed_streams.writer(path) as target, Sealing(target.write, key, head, "test:1") as sealing:
        for begin in range(0, len(PLAIN), 700_001):
            sealing.write(PLAIN[begin : begin + 700_001])
    return path, key


class Slow:
    """A store that never gives more than it has at hand."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, size: int) -> bytes:
        found, self._content = self._content[: min(size, 65_537)], self._content[min(size, 65_537) :]
        return found


def read(source, key):
    sealed_streams.head_of(source)
    return b"".join(sealed_streams.opened(source, key, "test:1"))


class TestOpened:
    async def test_gives_back_what_went_in(self, kept):
        path, key = kept
        source = sealed_streams.reader(path)
        assert await sealed_streams.key_in(sealed_streams.head_of(source), "test:1") == key
        assert read(sealed_streams.reader(path), key) == PLAIN
        assert read(Slow(sealed_streams.whole(path)), key) == PLAIN

    async def test_refuses_what_was_changed_cut_off_swapped_or_lengthened(self, kept):
        path, key = kept
        raw = sealed_streams.whole(path)
        start = raw.index(b"v1.") + len(sealed_streams.head_of(Slow(raw))) - raw.index(b"v1.")
        size = 4 + PIECE + 16
        pieces = [raw[start + n * size : start + (n + 1) * size] for n in range(4)]
        head = raw[:start]
        for harmed in (
            head + b"".join(pieces[:3]),
            head + pieces[1] + pieces[0] + pieces[2] + pieces[3],
            head + pieces[0] + pieces[2] + pieces[3],
            raw + b"x",
            raw[:-1],
            raw[: start + 100] + bytes([raw[start + 100] ^ 1]) + raw[start + 101 :],
            head,
        ):
            with pytest.raises(Damaged):
                read(Slow(harmed), key)

    async def test_is_for_one_purpose(self, kept):
        head = sealed_streams.head_of(sealed_streams.reader(kept[0]))
        with pytest.raises(Unreadable):
            await sealed_streams.key_in(head, "test:2")


class TestWriter:
    async def test_leaves_nothing_after_an_error(self, cast):
        path = files.name(cast.organization_id, new_id())

        def broken() -> None:
            with sealed_streams.writer(path) as target:
                target.write(b"x" * 20_000_000)
                raise KeyError

        with pytest.raises(KeyError):
            broken()
        assert sealed_streams.whole(path) is None
