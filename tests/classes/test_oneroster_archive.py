"""Zips that are not what they say."""

import struct
import zipfile
from io import BytesIO

import pytest

from faraday_app.classes.oneroster import Limits, Severity, read
from tests.factories.rosters import SCHOOL, found, manifest, package, zipped


class TestArchive:
    @pytest.mark.parametrize(
        ("files", "says"),
        [
            ({"school/users.csv": ""}, "lies in a folder"),
            ({"../users.csv": ""}, "lies in a folder"),
            ({"/users.csv": ""}, "lies in a folder"),
            ({"C:\\users.csv": ""}, "lies in a folder"),
            ({"users.csv": "", "Users.csv": ""}, "is in the zip twice"),
            ({f"{number}.csv": "" for number in range(65)}, "more than 64 files"),
            ({f"{number}.csv": "" for number in range(600)}, "more than 64 files"),
        ],
    )
    def test_is_not_opened_with_names_like_these(self, files, says):
        (only,) = found(zipped({"manifest.csv": manifest({}), **files}))
        assert only[:2] == (Severity.refuses, "")
        assert says in only[4]

    @pytest.mark.parametrize("data", [b"", b"no zip", zipped({"manifest.csv": "x" * 900})[:-30]])
    def test_is_refused_when_it_is_none(self, data):
        assert [each[4] for each in found(data)] == ["This is not a zip, or a broken one."]

    def test_is_refused_when_damaged(self):
        data = bytearray(zipped({"manifest.csv": manifest({}) * 50}))
        data[45:60] = bytes(15)
        assert not read(bytes(data)).applicable

    def test_is_measured_while_it_is_unpacked(self):
        data = package(users=SCHOOL["users"] + "\n" * 3_000_000)
        limits = Limits(unpacked=1_000_000)
        assert [each[4] for each in found(data, limits=limits)] == [
            "Unpacked, the files have more than 1,000,000 bytes."
        ]
        size = struct.pack("<L", len(SCHOOL["users"]) + 3_000_000)
        assert size in data
        assert not read(data.replace(size, struct.pack("<L", 10)), limits=limits).applicable

    def test_is_refused_when_too_big_locked_or_packed_strangely(self):
        assert "more than 10 bytes" in found(package(), limits=Limits(packed=10))[0][4]
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_BZIP2) as archive:
            archive.writestr("manifest.csv", manifest({}))
        assert "packed in an unusual way" in found(target.getvalue())[0][4]
        locked = bytearray(zipped({"manifest.csv": manifest({})}))
        locked[locked.index(b"PK\x01\x02") + 8] |= 1
        assert "locked with a password" in found(bytes(locked))[0][4]

    def test_needs_a_manifest(self):
        assert [each[4] for each in found(zipped({"users.csv": SCHOOL["users"]}))] == ["There is no manifest.csv."]
