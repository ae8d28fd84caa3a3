"""Files of conversations that people bring, backups of conversations, and bringing them back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0030"
down_revision = "0023"

_OWN = "organization_id = app_organization() and owner_id = app_user() or app_system()"


def upgrade() -> None:
    _imports()
    _backups()
    for table, rule in _RULES.items():
        for statement in row_security.protect(table, rule):
            op.execute(statement)


_RULES = {
    "imports": _OWN,
    "imported_contexts": _OWN,
    "backup_schedules": row_security.TENANT,
    "backups": row_security.TENANT,
    "restores": row_security.TENANT,
}


def downgrade() -> None:
    for table in ("restores", "backups", "backup_schedules", "imported_contexts", "imports"):
        op.drop_table(table)


def _imports() -> None:
    op.create_table(
        "imports",
        *_row("imports"),
        _reference("owner_id", "users", "imports"),
        _text("name", 200),
        _text("path", 200),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _text("state", 16),
        _text("source", 40),
        *(_number(name) for name in ("total", "done", "added", "grown", "known", "messages")),
        sa.Column("problems", postgresql.JSONB(), nullable=False),
        _number("unread"),
        _text("error", 500),
        *_worked(),
    )
    op.execute("create index ix_imports_owner_id_id on imports (owner_id, id desc)")
    _open_index("imports")
    op.create_table(
        "imported_contexts",
        *_row("imported_contexts"),
        _reference("owner_id", "users", "imported_contexts"),
        _text("source_key", 64),
        _reference("context_id", "contexts", "imported_contexts"),
        sa.UniqueConstraint("owner_id", "source_key", name="uq_imported_contexts_owner_id_source_key"),
    )
    op.create_index("ix_imported_contexts_context_id", "imported_contexts", ["context_id"])
    for table in ("imports", "imported_contexts"):
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])


def _backups() -> None:
    op.create_table(
        "backup_schedules", *_row("backup_schedules"), _text("every", 8), _number("keep"), _number("version")
    )
    op.create_index("uq_backup_schedules_organization_id", "backup_schedules", ["organization_id"], unique=True)
    op.create_table(
        "backups",
        *_row("backups"),
        _reference("started_by", "users", "backups", nullable=True),
        _text("state", 16),
        _text("path", 200),
        _text("error", 500),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("total", "done", "size", "plain_size")),
        *(_number(name) for name in ("tries", "contexts", "messages")),
        sa.Column("tables", postgresql.JSONB(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        *_worked(),
    )
    op.create_table(
        "restores",
        *_row("restores"),
        _reference("backup_id", "backups", "restores"),
        _reference("started_by", "users", "restores"),
        sa.Column("context_id", sa.Uuid(), nullable=True),
        sa.Column("put_back", sa.Boolean(), nullable=False),
        _text("state", 16),
        _text("error", 500),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("total", "done")),
        _number("tries"),
        sa.Column("found", postgresql.JSONB(), nullable=False),
        _reference("confirmed_by", "users", "restores", nullable=True),
        *_worked(),
    )
    op.create_index("ix_backup_schedules_organization_id", "backup_schedules", ["organization_id"])
    for table in ("backups", "restores"):
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        op.execute(f"create index ix_{table}_organization_id_id on {table} (organization_id, id desc)")
        _open_index(table)


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _worked() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _open_index(table: str) -> None:
    op.create_index(f"ix_{table}_open", table, ["lease_until"], postgresql_where=sa.text("finished_at is null"))


def _reference(column: str, to: str, table: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=nullable)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)
