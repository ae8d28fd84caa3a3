"""An archive in scratch tables, and what of it is left out."""

from dataclasses import dataclass, field

from psycopg import sql

from faraday_app.contexts.service.backups.copying import Connection, scratch
from faraday_app.contexts.service.backups.tables import Kept


@dataclass(slots=True)
class Found:
    """Rows of a table that are not there, that differ, that are the same, and that cannot or must not be touched."""

    new: int = 0
    changed: int = 0
    same: int = 0
    left: int = 0


@dataclass(slots=True)
class Staged:
    """The archive in scratch tables: its own columns of each table, and what was found so far."""

    tables: list[Kept] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    busy: int = 0


def drop(connection: Connection, staged: Staged, name: str, where: sql.Composable) -> int:
    """Leave rows out, and remember them so that what belongs to them follows."""
    statement = sql.SQL(
        "with gone as (delete from {} s where {} returning s.id)"
        " insert into pg_temp.dropped select id from gone on conflict do nothing"
    )
    count = connection.execute(statement.format(scratch(name), where)).rowcount
    staged.found[name].left += count
    return count
