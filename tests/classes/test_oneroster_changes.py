"""What a package would change, before it does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from faraday_app.classes.oneroster import (
    Action,
    FieldChange,
    File,
    Mode,
    Org,
    Package,
    Rejection,
    Severity,
    Status,
    Version,
    changes,
    plan,
    read,
)
from tests.factories.rosters import SCHOOL, edited, package

A, B, C, D = (Org(sourced_id=name, name=name.upper(), type="school") for name in "abcd")
NEW = datetime(2026, 10, 2, tzinfo=UTC)
OLD = datetime(2026, 10, 1, tzinfo=UTC)


def gone(org, modified=None):
    return replace(org, status=Status.tobedeleted, modified=modified)


def seen(org, row=2, **fields):
    return replace(org, row=row, **fields)


class TestChanges:
    @pytest.mark.parametrize(
        ("known", "wanted", "mode", "action"),
        [
            ([], [A], Mode.bulk, Action.create),
            ([A], [A], Mode.bulk, Action.unchanged),
            ([A], [seen(A, name="Z")], Mode.bulk, Action.update),
            ([A], [seen(A, modified=NEW)], Mode.bulk, Action.unchanged),
            ([gone(A)], [A], Mode.bulk, Action.update),
            ([A], [], Mode.bulk, Action.deactivate),
            ([A], [gone(A)], Mode.bulk, Action.deactivate),
            ([A], [gone(A, NEW)], Mode.delta, Action.deactivate),
            ([gone(A)], [gone(A, NEW)], Mode.delta, Action.unchanged),
            ([], [gone(A, NEW)], Mode.delta, Action.unchanged),
            ([replace(A, modified=NEW)], [gone(A, OLD)], Mode.delta, Action.reject),
            ([replace(A, modified=OLD)], [gone(A, NEW)], Mode.delta, Action.deactivate),
        ],
    )
    def test_say_what_becomes_of_a_row(self, known, wanted, mode, action):
        found = changes(known, wanted, mode)
        assert [change.action for change in found.rows] == [action]
        assert found.counts == {action: 1}

    @pytest.mark.parametrize(("known", "mode"), [([A], Mode.delta), ([gone(A)], Mode.bulk)])
    def test_leave_alone_what_is_not_spoken_of(self, known, mode):
        assert changes(known, [], mode).rows == ()

    def test_name_each_field_with_what_was_and_what_comes(self):
        (change,) = changes([gone(A)], [seen(A, 7, name="Z", parent_id="b")], Mode.bulk).rows
        assert change.fields == (
            FieldChange("status", Status.tobedeleted, Status.active),
            FieldChange("name", "A", "Z"),
            FieldChange("parent_id", None, "b"),
        )
        assert (change.row, change.known, change.wanted.name) == (7, gone(A), "Z")

    def test_compare_only_what_is_stored(self):
        wanted = [seen(A, identifier="17")]
        assert changes([A], wanted, Mode.bulk, compared={"name", "type"}).counts == {Action.unchanged: 1}

    def test_do_not_take_a_rejected_row_for_a_missing_one(self):
        found = changes([A, B], [], Mode.bulk, rejected=[Rejection(File.orgs, 5, "a", "No name.")])
        assert [(each.action, each.sourced_id, each.row) for each in found.rows] == [
            (Action.reject, "a", 5),
            (Action.deactivate, "b", 0),
        ]

    def test_miss_nobody_while_the_id_of_a_row_is_illegible(self):
        found = changes([A, B], [seen(A)], Mode.bulk, rejected=[Rejection(File.orgs, 5, "", "sourcedId is empty.")])
        assert found.counts == {Action.unchanged: 1, Action.reject: 2}
        assert "unless row 5 is meant" in found.rows[-1].why

    @pytest.mark.parametrize(("kept", "sweeping"), [(8, False), (7, True), (0, True)])
    def test_are_sweeping_when_more_than_a_share_would_go(self, kept, sweeping):
        known = [Org(sourced_id=f"{number}", name="x", type="school") for number in range(10)]
        assert changes([*known, gone(A)], known[:kept], Mode.bulk).sweeping is sweeping

    def test_come_in_the_order_of_the_rows(self):
        found = changes([D], [seen(C, 4), seen(A, 2), seen(B, 3)], Mode.bulk)
        assert [each.sourced_id for each in found.rows] == ["a", "b", "c", "d"]


class TestPlan:
    @pytest.fixture
    def known(self):
        return read(package()).package

    def test_changes_nothing_when_the_same_comes_again(self, known):
        found = plan(known, read(package()))
        assert {file: set(each.counts) for file, each in found.files.items()} == {
            file: {Action.unchanged} for file in (File(name) for name in SCHOOL)
        }
        assert found.sweeping == ()

    def test_asks_before_a_short_file_locks_people_out(self, known):
        users = edited("users", "u2,,,true,o1,student,emre,,Emre,Kaya,,,,,,,\n", "")
        found = plan(known, read(package(users=users)))
        assert found.files[File.users].counts[Action.deactivate] == 1
        assert found.sweeping == (File.users,)
        assert found.files[File.enrollments].counts == {Action.unchanged: 2, Action.reject: 1}

    def test_leaves_alone_files_that_are_absent_or_refused(self, known):
        found = plan(known, read(package(modes={"enrollments": "absent"}, users="")))
        assert not {File.enrollments, File.users} & set(found.files)
        assert not found.reading.applicable

    def test_settles_what_a_delta_refers_to(self, known):
        delta = (
            "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role\n"
            "e8,active,2026-10-01T00:00:00Z,k1,o1,u1,aide\ne9,active,2026-10-01T00:00:00Z,k9,o1,u1,student\n"
        )
        modes = dict.fromkeys(SCHOOL, "absent") | {"enrollments": "delta"}
        found = plan(known, read(package(modes=modes, enrollments=delta)))
        assert [(each.action, each.sourced_id) for each in found.files[File.enrollments].rows] == [
            (Action.create, "e8"),
            (Action.reject, "e9"),
        ]
        assert found.reading.counts[Severity.rejects] == 1

    def test_has_nothing_to_say_of_what_could_not_be_read(self):
        assert plan(Package(Version.v1_1), read(b"")).files == {}
