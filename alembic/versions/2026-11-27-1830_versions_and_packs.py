"""Versions of GPTs and conversations, which nobody changes afterwards, and shared notes."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0028"
down_revision = "0030"

# The column that may change, and who may change it. Faraday erases; nobody else removes.
KEPT = """
create function refuse_change_but() returns trigger language plpgsql as $$ begin
    if tg_op = 'DELETE' and app_system() then return old; end if;
    if tg_op = 'UPDATE' and (tg_argv[1] = 'anybody' or app_system())
        and to_jsonb(new) - tg_argv[0] = to_jsonb(old) - tg_argv[0] then return new; end if;
    raise exception '% keeps what it holds', tg_table_name using errcode = 'insufficient_privilege';
end $$
"""
MAY_CHANGE = {"snapshots": ("sealed_content", "faraday"), "versions": ("label", "anybody")}


def upgrade() -> None:
    op.create_table(
        "snapshots",
        *_row("snapshots"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_content", sa.Text(), nullable=False),
        sa.UniqueConstraint("organization_id", "digest", name="uq_snapshots_organization_id"),
    )
    op.create_table(
        "versions",
        *_row("versions"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("of_version", sa.Integer(), nullable=False),
        _reference("snapshot_id", "snapshots", "versions", nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        _reference("made_by", "users", "versions"),
        _reference("from_id", "versions", "versions"),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.UniqueConstraint("subject_id", "number", name="uq_versions_subject_id"),
    )
    op.create_table(
        "context_notes",
        *_row("context_notes"),
        _reference("context_id", "contexts", "context_notes", nullable=False),
        sa.Column("sealed_text", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _reference("updated_by", "users", "context_notes"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("context_id", name="uq_context_notes_context_id"),
    )
    op.execute(KEPT)
    for table in ("snapshots", "versions", "context_notes"):
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)
    for table, (column, by) in MAY_CHANGE.items():
        op.execute(
            f"create trigger {table}_kept before update or delete on {table}"
            f" for each row execute function refuse_change_but('{column}', '{by}')"
        )
        op.execute(
            f"create trigger {table}_whole before truncate on {table}"
            " for each statement execute function refuse_change()"
        )


def downgrade() -> None:
    for table in ("context_notes", "versions", "snapshots"):
        op.drop_table(table)
    op.execute("drop function refuse_change_but()")


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _reference(column: str, to: str, table: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=nullable)
