"""One conversation alone: what of the backup comes with it."""

from uuid import UUID

from psycopg import sql

from faraday_app.contexts.service.backups.copying import Connection, live, scratch
from faraday_app.contexts.service.backups.tables import CONTEXTS, Kept, within_contexts


def leave_unneeded(connection: Connection, tables: list[Kept], context_id: UUID) -> None:
    """Of what belongs to no conversation, what this one names and what belongs to that; nothing that is there anyway.

    The scratch tables of conversations hold this one already.
    """
    connection.execute("create temporary table needed (id uuid primary key)")
    others = [table for table in tables if table.name not in within_contexts()]
    while sum(
        _named(connection, tables, table) + _belonging(connection, others, table, context_id) for table in others
    ):
        pass
    for table in others:
        gone = sql.SQL("delete from {} s where not exists (select 1 from pg_temp.needed n where n.id = s.id)")
        connection.execute(gone.format(scratch(table.name)))


def _named(connection: Connection, tables: list[Kept], table: Kept) -> int:
    """What a row of the conversation names, or a row that was found to be needed; how many more."""
    count = 0
    for each in tables:
        for reference in each.to(table.name):
            needed = sql.SQL("" if each.name in within_contexts() else "join pg_temp.needed n on n.id = r.id")
            naming = sql.SQL("select 1 from {} r {} where r.{} = s.id").format(
                scratch(each.name), needed, sql.Identifier(reference.column)
            )
            count += _add(connection, table, sql.SQL("exists ({})").format(naming))
    return count


def _belonging(connection: Connection, others: list[Kept], table: Kept, context_id: UUID) -> int:
    """What is about the conversation or a needed thing, or has only needed things to belong to; how many more."""
    if table.has_subject:
        about = sql.SQL("(s.subject_id = {} or s.subject_id in (select id from pg_temp.needed))")
        return _add(connection, table, about.format(sql.Literal(context_id)))
    owners = [each for each in table.to(*(other.name for other in others)) if not each.nullable]
    if not owners or table.name == CONTEXTS:
        return 0
    each = sql.SQL("s.{} in (select id from pg_temp.needed)")
    return _add(connection, table, sql.SQL(" and ").join(each.format(sql.Identifier(own.column)) for own in owners))


def _add(connection: Connection, table: Kept, condition: sql.Composable) -> int:
    statement = sql.SQL(
        "insert into pg_temp.needed select s.id from {} s where {}"
        " and not exists (select 1 from {} l where l.id = s.id) on conflict do nothing"
    )
    return connection.execute(statement.format(scratch(table.name), condition, live(table.name))).rowcount
