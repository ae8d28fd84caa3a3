"""Archives that mean harm."""

import contextlib
import io
import stat
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.core.archives import MOST_FILES, unpacked
from faraday_app.core.errors import Invalid

MEGABYTE = 1_000_000


def archive(*files: tuple[str | zipfile.ZipInfo, bytes], level: int = 9) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as opened:
        for name, content in files:
            opened.writestr(name, content)
    made.seek(0)
    return made


def read(made: io.BytesIO, **limits: int) -> dict[str, bytes]:
    return dict(unpacked(made, **limits))


class TestUnpacked:
    def test_gives_every_file(self):
        assert read(archive(("manifest.csv", b"a,b"), ("rosters/users.csv", b"c"))) == {
            "manifest.csv": b"a,b",
            "rosters/users.csv": b"c",
        }

    @pytest.mark.parametrize(
        "name",
        ["../users.csv", "a/../../b", "/etc/passwd", "..\\users.csv", "C:users.csv", "a/..", "x\ny"],
    )
    def test_refuses_paths_that_leave(self, name):
        with pytest.raises(Invalid, match="points outside"):
            read(archive((name, b"x")))

    def test_refuses_links(self):
        link = zipfile.ZipInfo("users.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        with pytest.raises(Invalid, match="points outside"):
            read(archive((link, b"/etc/passwd")))

    def test_refuses_a_bomb_without_holding_it(self):
        bomb = archive(("users.csv", bytes(300 * MEGABYTE)))
        tracemalloc.start()
        with pytest.raises(Invalid, match="unpacks to more"):
            read(bomb)
        assert tracemalloc.get_traced_memory()[1] < 60 * MEGABYTE
        tracemalloc.stop()

    def test_counts_all_files_together(self):
        files = [(f"{number}.csv", bytes(range(256)) * 2_000) for number in range(10)]
        with pytest.raises(Invalid, match="unpacks to more"):
            read(archive(*files, level=0), largest=2 * MEGABYTE)

    def test_does_not_believe_the_size_that_is_written_down(self):
        made = archive(("users.csv", b"x" * 5 * MEGABYTE)).getvalue()
        lying = made.replace((5 * MEGABYTE).to_bytes(4, "little"), (10).to_bytes(4, "little"))
        with pytest.raises(Invalid):
            read(io.BytesIO(lying))

    def test_refuses_too_many_files(self):
        with pytest.raises(Invalid, match="at most"):
            read(archive(*((f"{number}.csv", b"") for number in range(MOST_FILES + 1))))

    def test_refuses_two_files_of_one_name(self):
        with pytest.raises(Invalid, match="same name"):
            read(archive(("users.csv", b"1"), ("Users.csv", b"2")))

    @given(st.binary(max_size=400))
    def test_says_of_anything_else_that_it_is_none(self, noise):
        with pytest.raises(Invalid, match="not a ZIP"):
            read(io.BytesIO(noise))

    @given(st.data())
    def test_survives_every_damage(self, data):
        whole = bytearray(archive(("users.csv", b"one,two\n" * 50), ("b.csv", b"3")).getvalue())
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] ^= data.draw(st.integers(1, 255))
        with contextlib.suppress(Invalid):
            read(io.BytesIO(bytes(whole)))  # whatever else were raised would fail here
