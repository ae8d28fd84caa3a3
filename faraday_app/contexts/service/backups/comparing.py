"""A backup in scratch tables beside what is there: what is new, what differs, and what has to be left alone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import sql

from faraday_app.contexts.service.backups.archive import parts
from faraday_app.contexts.service.backups.copying import (
    Connection,
    Progress,
    columns_of,
    live,
    purpose_of,
    scratch,
    stage,
)
from faraday_app.contexts.service.backups.forgetting import leave_forgotten
from faraday_app.contexts.service.backups.narrowing import leave_unneeded
from faraday_app.contexts.service.backups.staged import Found, Staged, drop
from faraday_app.contexts.service.backups.tables import (
    CONTEXTS,
    MEMBERS,
    NEVER_SET_BACK,
    STANDING,
    Kept,
    Reference,
    kept,
)
from faraday_app.core import sealed_streams
from faraday_app.core.errors import NotFound
from faraday_app.core.sealed_streams import Damaged

INTERRUPTED = "This answer was still being written when the backup was made."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which archive, for whom; ``context_id``: this conversation alone; ``put_back``: what changed since, too."""

    path: str
    backup_id: UUID
    organization_id: UUID
    key: bytes
    context_id: UUID | None = None
    put_back: bool = False


def compare(connection: Connection, wanted: Wanted, progress: Progress) -> Staged:
    """Nothing that is there is touched. Damaged for an archive that is not as it was made, before anything else."""
    staged = _stage_all(connection, wanted, progress)
    _refuse_foreign(connection, staged, wanted.organization_id)
    connection.execute("create temporary table dropped (id uuid primary key)")
    _settle_unfinished(connection, staged)
    staged.busy = _leave_busy(connection, staged, wanted.organization_id)
    _leave_withdrawn(connection, staged)
    leave_forgotten(connection, staged, wanted.organization_id)
    if wanted.context_id:
        _leave_others(connection, staged, wanted.context_id)
    for table in staged.tables:
        _leave_unconnected(connection, staged, table)
        leave_dependents(connection, staged, table)
    if wanted.context_id:
        leave_unneeded(connection, staged.tables, wanted.context_id)
    for table in staged.tables:
        _count(connection, staged, table, wanted.organization_id)
    return staged


def shared_columns(connection: Connection, staged: Staged, table: Kept) -> list[str]:
    """Those that the archive has and that are still there."""
    there = {name for name, _ in columns_of(connection, table.name)}
    return [name for name in staged.columns[table.name] if name in there]


def differing(table: Kept, columns: list[str]) -> sql.Composed:
    """Where a scratch row ``s`` says something else than the live row ``l``.

    What is sealed tells nothing when it was only sealed anew under another key: then the version does, where there is
    one.
    """
    compared = [sql.Identifier(name) for name in columns if name not in STANDING | table.sealed]
    left = sql.SQL(", ").join(sql.SQL("s.{}").format(name) for name in compared)
    right = sql.SQL(", ").join(sql.SQL("l.{}").format(name) for name in compared)
    told = [sql.SQL("({}) is distinct from ({})").format(left, right)]
    changed = sql.SQL("s.version <> l.version") if "version" in columns else sql.SQL("false")
    for name in sorted(table.sealed & set(columns)):
        told.append(
            sql.SQL(
                "(s.{0} is distinct from l.{0}"
                " and (substr(s.{0}, 1, 36) is not distinct from substr(l.{0}, 1, 36)"
                " or s.{0} is null or l.{0} is null or {1}))"
            ).format(sql.Identifier(name), changed)
        )
    return sql.SQL("({})").format(sql.SQL(" or ").join(told))


def leave_dependents(connection: Connection, staged: Staged, table: Kept) -> None:
    """What belongs to a row that is left out is left out too; what only mentions it, mentions it no more."""
    for reference in table.to(*(each.name for each in staged.tables)):
        _leave(connection, staged, table, reference, sql.SQL("in (select id from pg_temp.dropped)"))
    if table.has_subject:
        drop(connection, staged, table.name, sql.SQL("s.subject_id in (select id from pg_temp.dropped)"))


def _stage_all(connection: Connection, wanted: Wanted, progress: Progress) -> Staged:
    staged, known = Staged(), {table.name: table for table in kept()}
    source, purpose = sealed_streams.reader(wanted.path), purpose_of(wanted.backup_id)
    sealed_streams.head_of(source)
    for part in parts(source, wanted.key, purpose, wanted.backup_id, wanted.organization_id):
        stage(connection, part, progress)
        if part.name in known:
            staged.columns[part.name] = [name for name, _ in part.columns]
    staged.tables = [table for table in kept() if table.name in staged.columns]
    for table in staged.tables:
        connection.execute(sql.SQL("create unique index on {} (id)").format(scratch(table.name)))
        for reference in table.references:
            if table.name not in (CONTEXTS,) and reference.to == CONTEXTS:
                index = sql.SQL("create index on {} ({})")
                connection.execute(index.format(scratch(table.name), sql.Identifier(reference.column)))
        connection.execute(sql.SQL("analyze {}").format(scratch(table.name)))
        staged.found[table.name] = Found()
    return staged


def _refuse_foreign(connection: Connection, staged: Staged, organization_id: UUID) -> None:
    for table in staged.tables:
        query = sql.SQL("select 1 from {} where organization_id is distinct from %s limit 1")
        if connection.execute(query.format(scratch(table.name)), [organization_id]).fetchone():
            raise Damaged("This archive holds rows of another organisation. Nothing was changed.")


def _settle_unfinished(connection: Connection, staged: Staged) -> None:
    """Answers that were being written then are not written now: they come back as what they had become."""
    if "runs" in staged.columns:
        drop(connection, staged, "runs", sql.SQL("finished_at is null"))
    if "orchestrations" in staged.columns:
        connection.execute(
            "update pg_temp.orchestrations set finished_at = lease_until, status = 'stopped' where finished_at is null"
        )
    if "messages" in staged.columns:
        connection.execute(
            "update pg_temp.messages set status = 'failed', error = %s, finished_at = created_at"
            " where status = 'running'",
            [INTERRUPTED],
        )


def _leave_busy(connection: Connection, staged: Staged, organization_id: UUID) -> int:
    """Conversations in which an answer is being written at this moment stay just as they are."""
    busy = sql.SQL(
        "id in (select context_id from public.runs where finished_at is null and organization_id = {org}"
        " union select context_id from public.orchestrations where finished_at is null and organization_id = {org})"
    ).format(org=sql.Literal(organization_id))
    return drop(connection, staged, CONTEXTS, busy)


def _leave_withdrawn(connection: Connection, staged: Staged) -> None:
    """Whoever is no member any more of a conversation that is there does not become one again."""
    if MEMBERS in staged.columns:
        withdrawn = sql.SQL(
            "exists (select 1 from {} c where c.id = s.context_id)"
            " and not exists (select 1 from {} m where m.id = s.id)"
        ).format(live(CONTEXTS), live(MEMBERS))
        drop(connection, staged, MEMBERS, withdrawn)


def _leave_others(connection: Connection, staged: Staged, context_id: UUID) -> None:
    one = sql.SQL("select 1 from {} where id = %s").format(scratch(CONTEXTS))
    if not connection.execute(one, [context_id]).fetchone():
        raise NotFound("This conversation is not in this backup, or an answer is being written in it.")
    drop(connection, staged, CONTEXTS, sql.SQL("id <> {}").format(sql.Literal(context_id)))
    for table in staged.tables:
        for reference in table.to(CONTEXTS):
            if reference.nullable:
                drop(connection, staged, table.name, sql.SQL("s.{} is null").format(sql.Identifier(reference.column)))
        leave_dependents(connection, staged, table)
        staged.found[table.name].left = 0


def _leave_unconnected(connection: Connection, staged: Staged, table: Kept) -> None:
    """Whose person, credits or other thing outside the backup is gone for good."""
    inside = {each.name for each in staged.tables}
    for reference in table.references:
        if reference.to not in inside:
            gone = sql.SQL("is not null and not exists (select 1 from {} p where p.id = s.{})").format(
                live(reference.to), sql.Identifier(reference.column)
            )
            _leave(connection, staged, table, reference, gone)


def _leave(
    connection: Connection, staged: Staged, table: Kept, reference: Reference, condition: sql.Composable
) -> None:
    column = sql.Identifier(reference.column)
    where = sql.SQL("s.{} {}").format(column, condition)
    if reference.nullable and reference.to != CONTEXTS:
        # A row that is there has what it mentions there, too.
        coming = sql.SQL("not exists (select 1 from {} l where l.id = s.id)").format(live(table.name))
        statement = sql.SQL("update {} s set {} = null where {} and {}")
        connection.execute(statement.format(scratch(table.name), column, where, coming))
    else:
        drop(connection, staged, table.name, where)


def _count(connection: Connection, staged: Staged, table: Kept, organization_id: UUID) -> None:
    columns = shared_columns(connection, staged, table)
    query = sql.SQL(
        "select count(*) filter (where l.id is null), count(*) filter (where l.id is not null and {differs}),"
        " count(*) from {scratch} s left join {live} l on l.id = s.id and l.organization_id = {org}"
    ).format(
        differs=differing(table, columns),
        scratch=scratch(table.name),
        live=live(table.name),
        org=sql.Literal(organization_id),
    )
    row: tuple[Any, ...] = connection.execute(query).fetchone() or (0, 0, 0)
    found = staged.found[table.name]
    found.new, found.changed, found.same = row[0], row[1], row[2] - row[0] - row[1]
    if table.name in NEVER_SET_BACK:
        found.changed, found.left = 0, found.left + found.changed
