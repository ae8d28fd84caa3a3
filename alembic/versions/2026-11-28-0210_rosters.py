"""What came from a school's own system, the files that were looked at, and what was exported."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0038"
down_revision = "0036"

TABLES = ("roster_records", "roster_imports", "roster_changes", "roster_settings", "roster_exports")


def upgrade() -> None:
    op.create_table(
        "roster_records",
        *_row("roster_records"),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("file", sa.String(length=24), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "organization_id",
            "source",
            "file",
            "sourced_id",
            name="uq_roster_records_organization_id_source_file_sourced_id",
        ),
    )
    op.create_index("ix_roster_records_record_id", "roster_records", ["record_id"])
    op.create_table(
        "roster_imports",
        *_row("roster_imports"),
        _person("sent_by", "roster_imports"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        *(
            sa.Column(name, postgresql.JSONB(), nullable=False)
            for name in ("counts", "findings", "sweeping", "administrators", "made")
        ),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_key", sa.String(), nullable=False),
        _person("applied_by", "roster_imports"),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('refused', 'checked', 'applied', 'discarded')", name=op.f("ck_roster_imports_state")
        ),
    )
    op.create_index("ix_roster_imports_organization_id_id", "roster_imports", ["organization_id", sa.text("id desc")])
    op.create_table(
        "roster_changes",
        *_row("roster_changes"),
        sa.Column(
            "import_id",
            sa.Uuid(),
            sa.ForeignKey("roster_imports.id", name="fk_roster_changes_import_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=24), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("why", sa.String(length=600), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.UniqueConstraint("import_id", "position", name="uq_roster_changes_import_id_position"),
    )
    op.create_table(
        "roster_settings",
        *_row("roster_settings"),
        sa.Column("demographics", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("organization_id", name="uq_roster_settings_organization_id"),
    )
    op.create_table(
        "roster_exports",
        *_row("roster_exports"),
        sa.Column("file", sa.String(length=24), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "organization_id", "file", "sourced_id", name="uq_roster_exports_organization_id_file_sourced_id"
        ),
    )
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _person(column: str, table: str) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey("users.id", name=f"fk_{table}_{column}"), nullable=True)
