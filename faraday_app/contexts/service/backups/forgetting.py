"""Forgetting wins: what was forgotten, ended or withdrawn since, or even before, does not come back.

Whether the rows themselves are there or lost, what is noted in ``forgotten`` outlives them.
"""

from uuid import UUID

from psycopg import sql

from faraday_app.contexts.service.backups.copying import Connection, live, scratch
from faraday_app.contexts.service.backups.staged import Staged, drop
from faraday_app.contexts.service.backups.tables import MEMORIES, SHARES


def leave_forgotten(connection: Connection, staged: Staged, organization_id: UUID) -> None:
    ours = sql.Literal(organization_id)
    if MEMORIES in staged.columns:
        drop(connection, staged, MEMORIES, _FORGOTTEN.format(org=ours, departments=live("departments")))
    if SHARES in staged.columns:
        drop(connection, staged, SHARES, _ENDED.format(org=ours))
    if "sealed_given" in staged.columns.get("runs", ()) and "given" in staged.columns.get("messages", ()):
        _take_from_runs(connection, ours)


# A memory whose department is gone would belong to nobody; one without words has been erased.
_FORGOTTEN = sql.SQL(
    "s.forgotten_at is not null or s.status = 'dismissed' or s.sealed_text is null"
    " or (s.scope = 'team' and not exists (select 1 from {departments} d where d.id = s.department_id))"
    " or exists (select 1 from public.forgotten f where f.organization_id = {org} and ("
    " (f.kind = 'memory' and f.subject_id = s.id)"
    " or (f.kind = 'person' and f.subject_id = s.owner_id and s.scope <> 'team' and s.created_at <= f.forgotten_at)))"
)
_ENDED = sql.SQL(
    "s.status not in ('offered', 'active') or s.until <= now() or s.sealed_payload is null"
    " or exists (select 1 from public.forgotten f"
    " where f.organization_id = {org} and f.kind = 'share' and f.subject_id = s.id)"
)


def _take_from_runs(connection: Connection, ours: sql.Literal) -> None:
    """What answers had been given of a memory that is forgotten: as it is now, and nothing for an answer that is lost.

    The account keeps that they were given something, and no longer what.
    """
    connection.execute(
        sql.SQL(
            "create temporary table unsaid as select subject_id::text as id from public.forgotten"
            " where organization_id = {} and kind = 'memory' union select id::text from pg_temp.dropped"
        ).format(ours)
    )
    statement = sql.SQL(
        "update {scratch} s set sealed_given = (select l.sealed_given from {live} l where l.id = s.id)"
        " where s.sealed_given is not null and exists (select 1 from {messages} m"
        " cross join lateral jsonb_array_elements(m.given::jsonb) g"
        " join pg_temp.unsaid u on u.id = right(g ->> 'key', 36)"
        " where m.id = s.message_id and (g ->> 'key' like 'memory:%' or g ->> 'key' like 'shared:%'))"
    )
    connection.execute(statement.format(scratch=scratch("runs"), live=live("runs"), messages=scratch("messages")))
