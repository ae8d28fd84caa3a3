"""The job queue's own tables, visible to Faraday itself only."""

from alembic import op
from procrastinate.schema import SchemaManager

from faraday_app.core import row_security

revision = "0002"
down_revision = "0001"

TABLES = ["procrastinate_workers", "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_events"]


def upgrade() -> None:
    # Through the driver's cursor: the schema holds percent signs that are not placeholders.
    cursor = op.get_bind().connection.cursor()
    cursor.execute(SchemaManager.get_schema())
    for table in TABLES:
        for statement in row_security.protect(table, row_security.SYSTEM):
            cursor.execute(statement)


def downgrade() -> None:
    cursor = op.get_bind().connection.cursor()
    cursor.execute("drop table " + ", ".join(TABLES) + " cascade")
    cursor.execute(
        "do $$ declare item record; begin"
        " for item in select oid::regprocedure as name from pg_proc where proname like 'procrastinate\\_%'"
        " loop execute 'drop function ' || item.name || ' cascade'; end loop;"
        " for item in select typname as name from pg_type where typname like 'procrastinate\\_%'"
        " and typtype in ('e', 'c')"
        " loop execute 'drop type if exists ' || item.name || ' cascade'; end loop; end $$"
    )
