"""Between PostgreSQL and an archive, by COPY: rows never become objects here. Blocks: call it in a thread."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from faraday_app.contexts.service.backups.archive import BLOCK, Part, Tally, Told, Writing, parts
from faraday_app.contexts.service.backups.tables import FILED, Kept, kept
from faraday_app.core import files, sealed_streams
from faraday_app.core.errors import Unavailable
from faraday_app.core.jobs import AS_FARADAY
from faraday_app.core.sealed_streams import Damaged
from faraday_app.core.settings import settings

Connection = psycopg.Connection[tuple[Any, ...]]
_TYPE = re.compile(r"[a-z][a-z0-9_. ]*(\([0-9, ]+\))?( with(out)? time zone)?(\[\])*")


@dataclass(slots=True)
class Progress:
    """Written by the thread that works, read by whoever waits for it, and the way to stop it."""

    done: int = 0
    total: int = 0
    stage: str = ""
    stopped: bool = False

    def add(self, rows: int) -> None:
        if self.stopped:
            raise Unavailable("This was interrupted. It begins anew by itself.")
        self.done += rows


@dataclass(slots=True)
class Made:
    """What became of a backup: the tables as they went in, and bytes before and after packing."""

    tables: dict[str, Told] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    size: int = 0
    plain_size: int = 0


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection of our own as Faraday itself, in one transaction; an error inside undoes all of it."""
    url = make_url(settings().database_url.get_secret_value()).set(drivername="postgresql")
    try:
        with psycopg.connect(url.render_as_string(hide_password=False), options=AS_FARADAY) as connection:
            yield connection
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise Unavailable("The database does not answer. Nothing was changed; please try again.") from error


def make(path: str, backup_id: UUID, organization_id: UUID, key: bytes, head: bytes, progress: Progress) -> Made:
    """All tables as they were at one moment, as an archive in the store."""
    made = Made()
    with connected() as connection, sealed_streams.writer(path) as target:
        connection.execute("set transaction isolation level repeatable read, read only")
        progress.total = sum(_count(connection, table, organization_id) for table in kept())
        with Writing(target.write, key, head, purpose_of(backup_id)) as archive:
            archive.head(backup_id, organization_id)
            for table in kept():
                made.tables[table.name] = _copy_out(connection, table, organization_id, archive, progress)
            made.files = _files_out(connection, organization_id, archive)
    made.size, made.plain_size = archive.size, archive.plain_size
    return made


def check(path: str, backup_id: UUID, organization_id: UUID, key: bytes, made: Made, progress: Progress) -> None:
    """Read the archive back into scratch tables and compare them, row for row, with what went in. Damaged if not."""
    source = sealed_streams.reader(path)
    sealed_streams.head_of(source)
    with connected() as connection:
        found: dict[str, Told] = {}
        kept_files: dict[str, str] = {}

        def file(id: UUID, content: bytes) -> None:
            kept_files[str(id)] = hashlib.sha256(content).hexdigest()

        for part in parts(source, key, purpose_of(backup_id), backup_id, organization_id, file):
            stage(connection, part, progress)
            found[part.name] = scratch_told(connection, part, progress)
            connection.execute(sql.SQL("drop table {}").format(scratch(part.name)))
        connection.rollback()
    wrong = sorted(name for name in {*found, *made.tables} if found.get(name) != made.tables.get(name))
    wrong += ["files"] if kept_files != made.files else []
    if wrong:
        raise Damaged(f"What comes back out of the archive is not what went in, in {', '.join(wrong)}.")


def purpose_of(backup_id: UUID) -> str:
    return f"backup:{backup_id}"


def scratch(name: str) -> sql.Identifier:
    """A table of this connection alone, which nothing outlives."""
    return sql.Identifier("pg_temp", name)


def live(name: str) -> sql.Identifier:
    return sql.Identifier("public", name)


def columns_of(connection: Connection, name: str) -> list[tuple[str, str]]:
    """The columns of a live table and their types, without those that PostgreSQL computes itself."""
    query = (
        "select attname, format_type(atttypid, atttypmod) from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum"
    )
    return [(row[0], row[1]) for row in connection.execute(query, [f"public.{name}"])]


def stage(connection: Connection, part: Part, progress: Progress) -> None:
    """The rows of an archive's table in a scratch table, with the columns and types that they had."""
    if not all(_TYPE.fullmatch(kind) for _, kind in part.columns):
        raise Damaged("This archive holds columns of a kind that is unknown here.")
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in part.columns
    )
    connection.execute(sql.SQL("create temporary table {} ({})").format(sql.Identifier(part.name), columns))
    into = sql.SQL("copy {} ({}) from stdin").format(scratch(part.name), _names(part.columns))
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for block in part.blocks:
            copy.write(block)
            progress.add(block.count(b"\n"))


def scratch_told(connection: Connection, part: Part, progress: Progress) -> Told:
    """What a scratch table holds, hashed as PostgreSQL itself gives it back."""
    tally = Tally()
    out = sql.SQL("copy (select {} from {} order by id) to stdout").format(_names(part.columns), scratch(part.name))
    for block, rows in _blocks(connection, out):
        tally.add(block, rows)
        progress.add(0)
    return tally.told


def _copy_out(connection: Connection, table: Kept, organization_id: UUID, archive: Writing, progress: Progress) -> Told:
    columns, tally = columns_of(connection, table.name), Tally()
    archive.table(table.name, columns)
    out = sql.SQL("copy (select {} from {} where organization_id = {} order by id) to stdout").format(
        _names(columns), live(table.name), sql.Literal(organization_id)
    )
    for block, rows in _blocks(connection, out):
        archive.rows(block)
        tally.add(block, rows)
        progress.add(rows)
    archive.total(tally.told)
    return tally.told


def _files_out(connection: Connection, organization_id: UUID, archive: Writing) -> dict[str, str]:
    """The files that rows speak of, by id, and their hashes. One that is not in the store cannot be kept."""
    found: dict[str, str] = {}
    if not any(table.name == FILED for table in kept()):
        return found
    query = sql.SQL("select id from {} where organization_id = %s order by id").format(live(FILED))
    for (file_id,) in connection.execute(query, [organization_id]).fetchall():
        if (content := sealed_streams.whole(files.name(organization_id, file_id))) is not None:
            archive.file(file_id, content)
            found[str(file_id)] = hashlib.sha256(content).hexdigest()
    return found


def _blocks(connection: Connection, out: sql.Composed) -> Iterator[tuple[bytes, int]]:
    """Whole rows, about ``BLOCK`` bytes together, and how many they are."""
    rows: list[bytes] = []
    size = 0
    with connection.cursor() as cursor, cursor.copy(out) as copy:
        for row in copy:
            rows.append(bytes(row))
            size += len(row)
            if size >= BLOCK:
                yield b"".join(rows), len(rows)
                rows, size = [], 0
    if rows:
        yield b"".join(rows), len(rows)


def _count(connection: Connection, table: Kept, organization_id: UUID) -> int:
    query = sql.SQL("select count(*) from {} where organization_id = %s").format(live(table.name))
    found = connection.execute(query, [organization_id]).fetchone()
    return int(found[0]) if found else 0


def _names(columns: list[tuple[str, str]]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns)
