"""Every migration leads back to where it came from."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, make_url, text

from faraday_app.core.migrations import config, upgrade

COLUMNS = text(
    "select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns"
    " where table_schema = 'public' order by 1, 2"
)
INDEXES = text("select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1")
POLICIES = text("select tablename, policyname, cmd, qual, with_check from pg_policies order by 1, 2")
CHECKS = text(
    "select conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace"
)
ROUTINES = text(
    "select proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'"
    " and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e') order by 1, 2"
)
TABLES = text("select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'")


@pytest.fixture
def empty() -> Iterator[Engine]:
    """A database with nothing in it, for its owner."""
    url = make_url(os.environ["DATABASE_OWNER_URL"])
    admin = url.set(database="postgres").render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("drop database if exists migrated with (force)")
        connection.execute("create database migrated")
    engine = create_engine(url.set(database="migrated"))
    yield engine
    engine.dispose()


def schema(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    asked = {"columns": COLUMNS, "indexes": INDEXES, "policies": POLICIES, "checks": CHECKS, "routines": ROUTINES}
    with engine.connect() as connection:
        return {name: sorted(map(tuple, connection.execute(query)), key=str) for name, query in asked.items()}


def test_each_can_be_undone_and_done_again(empty):
    url = empty.url.render_as_string(hide_password=False)
    upgrade(url, os.environ["DATABASE_URL"])
    before = schema(empty)
    with empty.begin() as connection:
        command.downgrade(config(connection), "base")
    with empty.connect() as connection:
        assert connection.execute(TABLES).all() == []
    upgrade(url, os.environ["DATABASE_URL"])
    assert schema(empty) == before
