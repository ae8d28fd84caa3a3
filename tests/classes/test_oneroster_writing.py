"""What is written is what is read."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faraday_app.classes.oneroster import (
    AcademicSession,
    File,
    Mode,
    Org,
    Package,
    Person,
    Role,
    Status,
    Unwritable,
    Version,
    read,
    write,
)
from tests.factories.rosters import packages

WHOLE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
ORG = Org(sourced_id="o1", name="Faraday", type="school")
GONE = Org(
    sourced_id="o2", name="Old", type="school", status=Status.tobedeleted, modified=datetime(2026, 9, 1, tzinfo=UTC)
)


class TestWrite:
    @pytest.mark.parametrize("version", Version)
    @pytest.mark.parametrize("mode", [Mode.bulk, Mode.delta])
    @WHOLE
    @given(data=st.data())
    def test_is_read_as_it_was(self, version, mode, data):
        package = data.draw(packages(version, mode))
        reading = read(write(package), demographics=True)
        assert [found for found in reading.findings if found.severity != "note"] == []
        assert reading.applicable
        assert reading.package == package

    def test_gives_the_same_bytes_for_the_same_package(self):
        package = Package(Version.v1_2, {File.orgs: Mode.bulk}, orgs=(ORG,))
        assert write(package) == write(replace(package))

    def test_says_of_every_file_what_it_is(self):
        written = _files(write(Package(Version.v1_1, {File.orgs: Mode.bulk}, "Faraday", "f1", orgs=(ORG,))))
        assert set(written) == {"manifest.csv", "orgs.csv"}
        lines = written["manifest.csv"].split("\r\n")
        assert lines[:3] == ["propertyName,value", "manifest.version,1.0", "oneroster.version,1.1"]
        assert {"file.orgs,bulk", "file.users,absent", "file.classResources,absent"} < set(lines)
        assert not any("roles" in line for line in lines)

    def test_puts_only_what_is_active_into_a_bulk_file(self):
        written = _files(write(Package(Version.v1_1, {File.orgs: Mode.bulk}, orgs=(ORG, GONE))))
        assert written["orgs.csv"].split("\r\n")[1:] == ["o1,,,Faraday,school,,", ""]

    def test_puts_status_and_date_into_a_delta_file(self):
        written = _files(write(Package(Version.v1_1, {File.orgs: Mode.delta}, orgs=(GONE,))))
        assert written["orgs.csv"].split("\r\n")[1] == "o2,tobedeleted,2026-09-01T00:00:00.000Z,Old,school,,"

    @pytest.mark.parametrize("name", ["=1+1", "+49 30", "-", "@home", '"quoted", and\r\nmore'])
    def test_changes_nothing_that_a_spreadsheet_would_take_for_a_formula(self, name):
        package = Package(Version.v1_2, {File.orgs: Mode.bulk}, orgs=(replace(ORG, name=name),))
        assert read(write(package)).package == package

    def test_never_has_a_column_for_passwords(self):
        for version in Version:
            for name, text in _files(write(Package(version, {File.users: Mode.bulk}))).items():
                assert "password" not in text.lower(), name

    @pytest.mark.parametrize(
        "package",
        [
            Package(Version.v1_1, {File.roles: Mode.bulk}),
            Package(Version.v1_1, {File.orgs: Mode.bulk}, orgs=(replace(ORG, name=""),)),
            Package(Version.v1_1, {File.orgs: Mode.delta}, orgs=(ORG,)),
            Package(
                Version.v1_1,
                {File.users: Mode.bulk},
                users=(Person(sourced_id="u1", enabled=True, username="a", given_name="b", family_name="c"),),
            ),
        ],
    )
    def test_refuses_what_the_format_has_no_place_for(self, package):
        with pytest.raises(Unwritable):
            write(package)

    def test_leaves_out_what_is_absent(self):
        session = AcademicSession(
            sourced_id="s1", title="t", type="term", begins=date(2026, 8, 1), ends=date(2026, 9, 1), school_year=2027
        )
        role = Role(sourced_id="r1", user_id="u1", role="student", role_type="primary", org_id="o1")
        package = Package(Version.v1_2, {File.roles: Mode.absent}, academic_sessions=(session,), roles=(role,))
        assert set(_files(write(package))) == {"manifest.csv"}


def _files(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
