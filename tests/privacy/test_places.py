"""Every table that names a person says what of it is exported and what erasing does: the tables themselves prove it."""

from sqlalchemy import Column
from sqlmodel import SQLModel

import faraday_app.tables  # noqa: F401  every table registers itself
from faraday_app.core.personal import Erasing, places
from faraday_app.core.vault.registry import columns as sealed_columns

TABLES = SQLModel.metadata.tables
# What lets somebody in, or is a key to what is sealed, leaves Faraday in no export.
SECRETS = ("hash", "sealed_key", "public_key", "credential_id", "fingerprint", "sealed_secret")


def names_a_person(column: Column) -> bool:
    return any(key.column.table.name == "users" for key in column.foreign_keys)


class TestPlaces:
    def test_are_all_columns_that_name_a_person(self):
        declared = {(place.table, place.column) for place in places() if not place.through}
        naming = {
            (table.name, column.name) for table in TABLES.values() for column in table.c if names_a_person(column)
        }
        assert declared == naming | {("users", "id")}

    def test_say_why_something_stays_or_is_not_told(self):
        silent = [
            f"{place.table}.{place.column}"
            for place in places()
            if not place.why and (place.erasing is Erasing.keep or not place.exported)
        ]
        assert silent == []

    def test_lead_through_tables_that_name_somebody(self):
        direct = {place.table for place in places() if not place.through}
        for place in places():
            if place.through:
                targets = {key.column.table.name for key in TABLES[place.table].c[place.column].foreign_keys}
                assert targets == {place.through} <= direct, place

    def test_blank_what_the_tables_let_be_blank(self):
        for place in places():
            assert bool(place.blank) == (place.erasing is Erasing.blank), place
            for name, value in place.blank.items():
                column = TABLES[place.table].c[name]
                assert column.nullable or value != "null", (place, name)

    def test_that_are_deleted_leave_nothing_hanging(self):
        """Whatever refers to a row that goes has gone before it, or is let go of by the database."""
        going = {
            place.table
            for place in places()
            if place.erasing is Erasing.delete or (place.erasing, place.at_last) == (Erasing.record, Erasing.delete)
        }
        led = {(place.table, place.column) for place in places()}
        hanging = [
            f"{table.name}.{column.name}"
            for table in TABLES.values()
            for column in table.c
            for key in column.foreign_keys
            if key.column.table.name in going
            and key.ondelete is None
            and (table.name, column.name) not in led
            and table.name not in going
        ]
        assert hanging == []

    def test_tell_no_secret(self):
        exported = {
            (place.table, column.name) for place in places() if place.exported for column in TABLES[place.table].c
        }
        hidden = {(place.table, name) for place in places() for name in place.secret}
        telling = [
            f"{table}.{column}" for table, column in exported - hidden if any(word in column for word in SECRETS)
        ]
        assert sorted(telling) == []

    def test_that_are_exported_have_an_id(self):
        assert [place.table for place in places() if place.exported and "id" not in TABLES[place.table].c] == []

    def test_with_files_say_which_column_opens_them(self):
        sealed = {(each.table, each.column) for each in sealed_columns()}
        assert all((place.table, place.files) in sealed for place in places() if place.files)
