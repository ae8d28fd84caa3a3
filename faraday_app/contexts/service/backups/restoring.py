"""Bring a backup back, in one transaction: all of it, or nothing. Repeated, it changes nothing more.

What is gone comes back under the ids it had. What is there is never doubled and never taken away; it is set back only
where that was wanted, and then under a newer version, so that whoever has it open is told.
"""

import enum
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from faraday_app.contexts.service.backups.archive import parts
from faraday_app.contexts.service.backups.comparing import (
    Wanted,
    compare,
    differing,
    leave_dependents,
    shared_columns,
)
from faraday_app.contexts.service.backups.copying import (
    Connection,
    Progress,
    columns_of,
    connected,
    live,
    purpose_of,
    scratch,
)
from faraday_app.contexts.service.backups.staged import Found, Staged, drop
from faraday_app.contexts.service.backups.tables import CONTEXTS, FILED, STANDING, Kept
from faraday_app.contexts.service.sweeping import lock_name
from faraday_app.core import files, sealed_streams
from faraday_app.core.errors import Conflict

_ALONE = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"  # until the rows of what comes back are there
_WORK_MEMORY = "64MB"  # of this connection alone, while it lasts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found for each table, conversations left alone, and whose open pages have to read again."""

    found: dict[str, dict[str, int]]
    busy: int
    contexts: Sequence[UUID] = ()
    people: Sequence[UUID] = ()


def preview(wanted: Wanted, progress: Progress) -> Outcome:
    """What restoring would do. Nothing is changed."""
    with connected() as connection:
        staged = compare(connection, wanted, progress)
        connection.rollback()
    return _outcome(staged)


def restore(wanted: Wanted, progress: Progress) -> Outcome:
    try:
        with connected() as connection:
            connection.execute(sql.SQL("set local work_mem = {}").format(sql.Literal(_WORK_MEMORY)))
            connection.execute(sql.SQL("set local gin_pending_list_limit = {}").format(sql.Literal(_WORK_MEMORY)))
            connection.execute(_ALONE, [lock_name(wanted.organization_id)])
            staged = compare(connection, wanted, progress)
            progress.stage = "writing"
            for table in staged.tables:
                _write(connection, staged, table, wanted)
                progress.add(staged.found[table.name].new + staged.found[table.name].changed)
            _files_back(connection, staged, wanted)
            contexts, people = _concerned(connection, staged)
    except (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege) as error:
        name = error.diag.table_name or "a table"
        raise Conflict(f"What came since does not fit what comes back, in {name}. Nothing was changed.") from error
    return _outcome(staged, contexts, people)


def _write(connection: Connection, staged: Staged, table: Kept, wanted: Wanted) -> None:
    found = staged.found[table.name]
    leave_dependents(connection, staged, table)
    if wanted.put_back and found.changed:
        found.changed = _set_back(connection, staged, table, wanted.organization_id)
    elif not wanted.put_back:
        found.left, found.changed = found.left + found.changed, 0
    if found.new:
        found.new -= _let_stand(connection, staged, table)
        came = _add(connection, staged, table)
        if came < found.new:
            _leave_missing(connection, table)
            found.left, found.new = found.left + found.new - came, came


def _let_stand(connection: Connection, staged: Staged, table: Kept) -> int:
    """Rows that would be like one that is there, such as the same content kept anew, are left out; how many.

    Whatever named them names that one.
    """
    connection.execute("create temporary table if not exists stands_in (old uuid primary key, new uuid)")
    connection.execute("truncate pg_temp.stands_in")
    for columns in table.unique:
        alike = sql.SQL(" and ").join(sql.SQL("l.{0} = s.{0}").format(sql.Identifier(name)) for name in columns)
        statement = sql.SQL(
            "insert into pg_temp.stands_in select s.id, l.id from {scratch} s join {live} l on {alike} and l.id <> s.id"
            " where not exists (select 1 from {live} o where o.id = s.id) on conflict do nothing"
        )
        connection.execute(statement.format(scratch=scratch(table.name), live=live(table.name), alike=alike))
    for each in staged.tables:
        for reference in each.to(table.name):
            statement = sql.SQL("update {} s set {column} = r.new from pg_temp.stands_in r where s.{column} = r.old")
            connection.execute(statement.format(scratch(each.name), column=sql.Identifier(reference.column)))
    return drop(connection, staged, table.name, sql.SQL("s.id in (select old from pg_temp.stands_in)"))


def _add(connection: Connection, staged: Staged, table: Kept) -> int:
    """Where another row has taken the place meanwhile, such as a membership that was given anew, that one stays."""
    columns = shared_columns(connection, staged, table)
    missing = _defaults(connection, table, columns)
    names = sql.SQL(", ").join(sql.Identifier(name) for name in [*columns, *missing])
    values = sql.SQL(", ").join(
        [*(sql.SQL("s.{}").format(sql.Identifier(name)) for name in columns), *missing.values()]
    )
    statement = sql.SQL(
        "insert into {live} ({names}) select {values} from {scratch} s"
        " where not exists (select 1 from {live} l where l.id = s.id) order by s.id on conflict do nothing"
    )
    return connection.execute(
        statement.format(live=live(table.name), names=names, values=values, scratch=scratch(table.name))
    ).rowcount


def _set_back(connection: Connection, staged: Staged, table: Kept, organization_id: UUID) -> int:
    columns = shared_columns(connection, staged, table)
    sets: list[sql.Composable] = [
        sql.SQL("{0} = s.{0}").format(sql.Identifier(name))
        for name in columns
        if name not in STANDING | {"id", "organization_id"}
    ]
    if "version" in columns:
        sets.append(sql.SQL("version = l.version + 1"))
    statement = sql.SQL(
        "update {live} l set {sets} from {scratch} s where l.id = s.id and l.organization_id = {org} and {differs}"
    )
    return connection.execute(
        statement.format(
            live=live(table.name),
            sets=sql.SQL(", ").join(sets),
            scratch=scratch(table.name),
            org=sql.Literal(organization_id),
            differs=differing(table, columns),
        )
    ).rowcount


def _leave_missing(connection: Connection, table: Kept) -> None:
    statement = sql.SQL(
        "insert into pg_temp.dropped select s.id from {scratch} s"
        " where not exists (select 1 from {live} l where l.id = s.id) on conflict do nothing"
    )
    connection.execute(statement.format(scratch=scratch(table.name), live=live(table.name)))


def _defaults(connection: Connection, table: Kept, columns: list[str]) -> dict[str, sql.Composable]:
    """Columns that came after the archive was made, as a new row would have them."""
    found: dict[str, sql.Composable] = {}
    for name, kind in columns_of(connection, table.name):
        value = table.defaults.get(name)
        if name not in columns and value is not None:
            literal = sql.Literal(json.dumps(value) if kind in ("json", "jsonb") else _plain(value))
            found[name] = sql.SQL("{}::{}").format(literal, sql.SQL(kind))
    return found


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, enum.Enum) else value


def _files_back(connection: Connection, staged: Staged, wanted: Wanted) -> None:
    """The files of rows that are there now, where the store has lost them."""
    if FILED not in staged.columns:
        return
    query = sql.SQL("select s.id from {} s join {} l on l.id = s.id").format(scratch(FILED), live(FILED))
    needed = {row[0] for row in connection.execute(query).fetchall()}
    if not needed:
        return

    def file(file_id: UUID, content: bytes) -> None:
        path = files.name(wanted.organization_id, file_id)
        if file_id in needed and sealed_streams.whole(path) is None:
            with sealed_streams.writer(path) as target:
                target.write(content)

    source, purpose = sealed_streams.reader(wanted.path), purpose_of(wanted.backup_id)
    sealed_streams.head_of(source)
    for part in parts(source, wanted.key, purpose, wanted.backup_id, wanted.organization_id, file):
        for _ in part.blocks:
            pass


def _concerned(connection: Connection, staged: Staged) -> tuple[list[UUID], list[UUID]]:
    """The conversations that came back or may have changed, and their members."""
    contexts = connection.execute(sql.SQL("select id from {}").format(scratch(CONTEXTS))).fetchall()
    people = connection.execute(
        sql.SQL("select distinct user_id from public.context_members where context_id in (select id from {})").format(
            scratch(CONTEXTS)
        )
    ).fetchall()
    return [row[0] for row in contexts], [row[0] for row in people]


def _outcome(staged: Staged, contexts: Sequence[UUID] = (), people: Sequence[UUID] = ()) -> Outcome:
    def told(found: Found) -> dict[str, int]:
        return asdict(found)

    return Outcome({name: told(found) for name, found in staged.found.items()}, staged.busy, contexts, people)
