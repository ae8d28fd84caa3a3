"""Dirty packages: each flaw is said with its file and row, and nothing else falls with it."""

from datetime import UTC, date, datetime

import pytest

from faraday_app.classes.oneroster import File, Held, Mode, Severity, Version, read, roles_held
from tests.factories.rosters import SCHOOL, edited, found, manifest, notes, package, zipped

USERS_1_2 = (
    "sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,pronouns,primaryOrgSourcedId\n"
    "t1,,,true,maya,Maya,Okafor,she,o1\nu1,,,true,elif,Elif,Kaya,,\nu2,,,true,emre,Emre,Kaya,,\n"
)
ROLES = (
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
    "r1,,,t1,secondary,aide,,,o1,\nr2,,,t1,primary,teacher,,,o1,\n"
)
PROFILES = (
    "sourcedId,status,dateLastModified,userSourcedId,profileType,vendorId,credentialType,username\n"
    "p1,,,t1,app,vendor,saml,maya\n"
)
DEMOGRAPHICS = "sourcedId,status,dateLastModified,birthDate,sex\nu1,,,2011-04-05,female\n"


class TestRead:
    def test_takes_a_whole_school(self):
        reading = read(package())
        assert (reading.findings, reading.more, reading.applicable) == ((), 0, True)
        school = reading.package
        assert school.version is Version.v1_1
        assert school.mode(File.users) is Mode.bulk
        assert school.mode(File.results) is Mode.absent
        assert school.courses[0].grades == ("10", "11")
        assert school.academic_sessions[0].ends == date(2026, 12, 31)
        assert [(each.row, each.user_id, each.primary) for each in school.enrollments] == [
            (2, "t1", True),
            (3, "u1", None),
            (4, "u2", None),
        ]

    def test_takes_roles_of_1_2(self):
        reading = read(package("1.2", users=USERS_1_2, roles=ROLES, userProfiles=PROFILES))
        assert reading.applicable
        assert reading.package.users[0].pronouns == "she"
        assert roles_held(reading.package) == {"t1": (Held("teacher", "o1"), Held("aide", "o1", primary=False))}
        assert [each.problem for each in reading.findings] == ["Accounts in other systems are checked, and not stored."]

    def test_takes_the_role_and_organisations_of_1_1(self):
        assert roles_held(read(package()).package)["u1"] == (Held("student", "o1"),)

    @pytest.mark.parametrize("stated", ["1.0", "1.1", "1.2", "v1.1"])
    def test_knows_these_versions(self, stated):
        users = USERS_1_2 if stated == "1.2" else SCHOOL["users"]
        assert read(package(stated, users=users)).package.version == ("1.2" if stated == "1.2" else "1.1")

    def test_takes_a_byte_order_mark_and_windows_lines(self):
        users = b"\xef\xbb\xbf" + SCHOOL["users"].replace("\n", "\r\n").encode()
        assert found(package(users=users)) == []

    def test_takes_quotes_commas_and_new_lines_in_cells_and_counts_rows_as_a_spreadsheet_does(self):
        users = edited("users", "t1,,,true", '\n"t0",,,true,o1,teacher,ana,,"A ""n"", a\n b",Ruiz,,,,,,,\nt1,,,maybe')
        assert [each[1:4] for each in found(package(users=users, modes={"enrollments": "absent"}))] == [
            ("users.csv", 4, "enabledUser")
        ]
        assert read(package(users=users)).package.users[0].given_name == 'A "n", a\n b'

    @pytest.mark.parametrize(
        ("cell", "moment"),
        [
            ("2026-09-01T08:30:00.000Z", datetime(2026, 9, 1, 8, 30, tzinfo=UTC)),
            ("2026-09-01T10:30:00+02:00", datetime(2026, 9, 1, 8, 30, tzinfo=UTC)),
            ("2026-09-01", datetime(2026, 9, 1, tzinfo=UTC)),
        ],
    )
    def test_takes_moments_in_utc(self, cell, moment):
        orgs = edited("orgs", "o1,,", f"o1,active,{cell}")
        assert read(package(orgs=orgs)).package.orgs[0].modified == moment

    @pytest.mark.parametrize(
        ("file", "old", "new", "row", "column", "says"),
        [
            ("academicSessions", "2026-12-31", "31/12/2026", 2, "endDate", "“31/12/2026” is not a date"),
            ("academicSessions", "2026-12-31", "2026-02-30", 2, "endDate", "There is no day “2026-02-30”"),
            ("academicSessions", "2026-12-31", "20261231", 2, "endDate", "is not a date"),
            ("academicSessions", "2026-12-31", "2026-07-31", 2, "endDate", "ends before it begins"),
            ("academicSessions", ",term,", ",trimester,", 2, "type", "“trimester” is not known here"),
            ("academicSessions", ",2027", ",26/27", 2, "schoolYear", "“26/27” is not a year"),
            ("orgs", "o1,,", "o1,gone,", 2, "status", "“gone” is not known"),
            ("orgs", "o1,,,", "o1,,01.09.2026,", 2, "dateLastModified", "is not a moment"),
            ("orgs", "Faraday", " ", 2, "name", "name is empty"),
            ("users", "t1,", ",", 2, "sourcedId", "sourcedId is empty"),
            ("users", "u2,", "u1,", 4, "sourcedId", "also that of row 3"),
            ("users", "t1,,,true", "t1,,,1", 2, "enabledUser", "“1” is neither true nor false"),
            ("users", "o1,teacher", "o1,techer", 2, "role", "“techer” is not known"),
            ("users", "t1,", "t1,,", 2, "", "The row has 18 cells, the header 17"),
            ("users", "maya,,Maya,Okafor,,,,,,,", "maya,,Maya,Okafor", 2, "", "The row has 10 cells"),
            ("users", "Maya", "M" * 9000, 2, "givenName", "9,000 characters"),
            ("enrollments", "e3,", f"{'e' * 300},", 4, "sourcedId", "300 characters"),
            ("enrollments", "true", "yes", 2, "primary", "neither true nor false"),
            ("enrollments", "u1,student", "u1,pupil", 3, "role", "“pupil” is not known"),
            ("enrollments", "k1,o1,u1", "k9,o1,u1", 3, "classSourcedId", "“k9” is nowhere in classes.csv"),
            ("enrollments", "k1,o1,u1", "k1,o1,u9", 3, "userSourcedId", "“u9” is nowhere in users.csv"),
            ("classes", ",o1,s1,", ",o1,s9,", 2, "termSourcedIds", "“s9” is nowhere in academicSessions.csv"),
        ],
    )
    def test_rejects_a_row_and_says_where_and_why(self, file, old, new, row, column, says):
        data = package(**{file: edited(file, old, new)})
        first = next(each for each in found(data) if each[1] == f"{file}.csv")
        assert first[:4] == (Severity.rejects, f"{file}.csv", row, column)
        assert says in first[4]
        reading = read(data)
        assert reading.applicable
        assert row not in [each.row for each in reading.package.records(File(file))]
        assert row in [each.row for each in reading.rejected[File(file)]]

    def test_says_what_a_date_should_look_like(self):
        sessions = edited("academicSessions", "2026-12-31", "31/12/2026")
        assert "YYYY-MM-DD" in read(package(academicSessions=sessions)).findings[0].remedy

    def test_says_everything_that_is_wrong_with_a_row_and_rejects_it_once(self):
        users = edited("users", "t1,,,true,o1,teacher", "t1,,,1,o1,techer")
        reading = read(package(users=users))
        assert [each.column for each in reading.findings if each.file == "users.csv"] == ["enabledUser", "role"]
        assert len(reading.rejected[File.users]) == 1

    def test_lets_what_needs_a_rejected_row_fall_too(self):
        reading = read(package(courses=edited("courses", ",Physics,", ",,")))
        assert {file: [each.row for each in rows] for file, rows in reading.rejected.items()} == {
            File.courses: [2],
            File.classes: [2],
            File.enrollments: [2, 3, 4],
        }

    def test_leaves_out_an_optional_link_to_nowhere_and_keeps_the_row(self):
        users = edited("users", "elif,,Elif,Kaya,,,,,,,", 'elif,,Elif,Kaya,,,,,,"t1,g9",')
        data = package(users=users)
        assert read(data).package.users[1].agent_ids == ("t1",)
        assert found(data) == []
        assert "“g9” is nowhere in users.csv: the link is left out." in notes(data)[0]

    def test_rejects_what_is_its_own_parent(self):
        orgs = SCHOOL["orgs"] + "o2,,,A,local,,o3\no3,,,B,local,,o2\no4,,,C,local,,o3\n"
        assert [each[2] for each in found(package(orgs=orgs))] == [3, 4]

    @pytest.mark.parametrize(
        ("file", "content", "row", "column", "says"),
        [
            ("users", edited("users", "givenName", "givenNmae"), 1, "givenNmae", "Did you mean givenName?"),
            ("users", edited("users", "givenName", "first"), 1, "givenName", "The column givenName is missing."),
            ("users", edited("users", "middleName", "Password"), 1, "password", "Passwords do not belong in files"),
            ("users", edited("users", "middleName", "username"), 1, "username", "is there twice"),
            ("users", SCHOOL["users"].encode("utf-16"), None, "", "The text is UTF-16."),
            ("users", edited("users", "Maya", "Maÿa").encode("latin-1"), 2, "", "not UTF-8"),
            ("users", edited("users", "Maya", "Ma\0ya"), 2, "", "NUL character"),
            ("users", edited("users", "Maya", '"Maya'), 2, "", "quotes in or below this row"),
            ("users", edited("users", "Maya", '"Ma"ya'), 2, "", "quotes in or below this row"),
            ("users", edited("users", "Maya", "x" * 200_000), 2, "", "A cell is far too long"),
            ("users", SCHOOL["users"].replace(",", ";"), 1, "", "Semicolons"),
            ("users", "", None, "", "The file is empty."),
            ("users", None, None, "", "promises this file as bulk, and it is missing"),
        ],
    )
    def test_refuses_a_file_and_then_nothing_can_be_applied(self, file, content, row, column, says):
        data = package(**{file: content})
        (only,) = found(data)
        assert only[:4] == (Severity.refuses, f"{file}.csv", row, column)
        assert says in only[4]
        reading = read(data)
        assert not reading.applicable
        assert reading.package.mode(File(file)) is Mode.absent
        assert len(reading.package.enrollments) == 3

    def test_notes_what_it_ignores(self):
        users = edited("users", "middleName,identifier", "midleName,shoeSize").replace("phone", "metadata.jp.homeClass")
        data = package(users=users)
        assert found(data) == []
        assert notes(data) == [
            "users.csv: There is no column “midleName”. Did you mean middleName? Rename it to middleName. "
            "As it is, it is ignored.",
            "users.csv: “shoeSize” is not a column of version 1.1. Nothing to do: it is ignored.",
        ]

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("propertyName,value\nmanifest.version,1.0\n", "oneroster.version is missing."),
            (manifest({}, "2.0"), "“2.0” is not a version that is known."),
            ("name,value\noneroster.version,1.1\n", "The columns are not propertyName and value."),
            (manifest({"users": "full"}), "“full” is not known here."),
            (manifest({"users": "bulk"}) + "file.users,delta\n", "“file.users” is there twice."),
        ],
    )
    def test_refuses_a_manifest_that_says_nothing_clear(self, text, says):
        data = zipped({"manifest.csv": text, "users.csv": SCHOOL["users"]})
        assert [(each[0], each[1], each[4]) for each in found(data)] == [(Severity.refuses, "manifest.csv", says)]
        assert read(data).package is None

    def test_leaves_out_what_the_manifest_says_is_absent(self):
        data = package(modes={"enrollments": "absent"})
        assert notes(data)[0].startswith("enrollments.csv: The file is there, but the manifest says it is absent")
        assert read(data).package.enrollments == ()

    def test_notes_unknown_and_unused_files(self):
        stated = manifest({"orgs": "bulk", "resources": "bulk", "user": "bulk"})
        files = {"Orgs.csv": SCHOOL["orgs"], "resources.csv": "x", "user.csv": "", "__MACOSX/._a": ""}
        data = zipped({"manifest.csv": stated, **files})
        assert read(data).applicable
        assert [each.split(" ")[0] for each in notes(data)] == [
            "Orgs.csv:",
            "user.csv:",
            "manifest.csv:",
            "resources.csv:",
        ]

    def test_opens_demographics_only_where_they_are_turned_on(self):
        data = package(demographics=DEMOGRAPHICS)
        assert read(data).package.demographics == ()
        assert "turned off for this organisation" in notes(data)[0]
        broken = package(demographics=b"\xff\xfe")
        assert found(broken) == []
        assert read(data, demographics=True).package.demographics[0].birth_date == date(2011, 4, 5)
        strange = DEMOGRAPHICS.replace("u1", "u9")
        assert found(package(demographics=strange), demographics=True)[0][3] == "sourcedId"

    def test_keeps_so_many_findings_and_counts_the_rest(self):
        lines = "".join(f"x{number},,,k9,o1,u1,student,,,\n" for number in range(900))
        reading = read(package(enrollments=SCHOOL["enrollments"] + lines), most=50)
        assert (len(reading.findings), reading.more, reading.counts[Severity.rejects]) == (50, 850, 900)
        assert len(reading.rejected[File.enrollments]) == 900

    def test_takes_scores_over_the_maximum_and_exempt_ones_without(self):
        items = (
            "sourcedId,status,dateLastModified,title,description,assignDate,dueDate,classSourcedId,categorySourcedId,"
            "gradingPeriodSourcedId,resultValueMin,resultValueMax\n"
            "l1,,,Essay,,2026-09-01,2026-09-08,k1,g1,s1,0,100.0\n"
        )
        results = (
            "sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment\n"
            "x1,,,l1,u1,fully graded,300,2026-09-09,\nx2,,,l1,u2,exempt,,2026-09-09,\n"
            "x3,,,l1,u2,exempt,7;5,2026-09-09,\n"
        )
        categories = "sourcedId,status,dateLastModified,title\ng1,,,Homework\n"
        data = package(lineItems=items, results=results, categories=categories)
        assert [(each.score, each.score_status) for each in read(data).package.results] == [
            (300, "fully graded"),
            (None, "exempt"),
        ]
        assert [each[2:4] for each in found(data)] == [(4, "score")]


class TestReadDelta:
    DELTA = (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role\n"
        "e9,active,2026-10-01T00:00:00Z,k1,o1,u9,student\ne2,tobedeleted,2026-10-01T00:00:00Z,k1,o1,u1,student\n"
    )

    def _data(self, enrollments=DELTA):
        return zipped({"manifest.csv": manifest({"enrollments": "delta"}), "enrollments.csv": enrollments})

    def test_leaves_open_what_may_be_there_already(self):
        reading = read(self._data())
        assert reading.applicable
        assert len(reading.package.enrollments) == 2
        assert {(each.row, each.to, each.target) for each in reading.unresolved} == {
            (2, File.classes, "k1"), (2, File.orgs, "o1"), (2, File.users, "u9"),
            (3, File.classes, "k1"), (3, File.orgs, "o1"), (3, File.users, "u1"),
        }  # fmt: skip

    def test_is_settled_by_what_is_known(self):
        reading = read(self._data()).settled({File.classes: {"k1"}, File.orgs: {"o1"}, File.users: {"u1"}})
        assert reading.unresolved == ()
        assert [each.sourced_id for each in reading.package.enrollments] == ["e2"]
        assert [(each.sourced_id, each.row) for each in reading.rejected[File.enrollments]] == [("e9", 2)]
        assert "nor among what is here already" in reading.findings[0].problem

    @pytest.mark.parametrize(
        ("old", "new", "column"),
        [("e9,active,", "e9,,", "status"), ("e9,active,2026-10-01T00:00:00Z", "e9,active,", "dateLastModified")],
    )
    def test_has_to_say_what_happened_and_when(self, old, new, column):
        assert found(self._data(self.DELTA.replace(old, new)))[0][2:4] == (2, column)
        assert found(self._data(self.DELTA.replace(column, "x", 1)))[0][0] is Severity.refuses
