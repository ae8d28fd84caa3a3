"""Prompt templates, their versions, trials and uses, and pinned messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0029"
down_revision = "0025"

_TABLES = ("templates", "template_versions", "template_trials", "template_uses", "message_pins")


def upgrade() -> None:
    op.create_table(
        "templates",
        *_row("templates"),
        _reference("owner_id", "users", "templates"),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("about", sa.String(300), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.String(40)), nullable=False),
        sa.Column("current_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.execute("create index ix_templates_organization_id_id on templates (organization_id, id desc)")
    op.create_table(
        "template_versions",
        *_row("template_versions"),
        _reference("template_id", "templates", "template_versions"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("variables", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        _reference("author_id", "users", "template_versions"),
        sa.UniqueConstraint("template_id", "number", name="uq_template_versions_template_id"),
    )
    op.create_table(
        "template_trials",
        *_row("template_trials"),
        _reference("template_id", "templates", "template_trials"),
        _reference("first_id", "template_versions", "template_trials"),
        _reference("second_id", "template_versions", "template_trials"),
        sa.Column("share", sa.SmallInteger(), nullable=False),
        _reference("started_by", "users", "template_trials"),
        _reference("winner_id", "template_versions", "template_trials", nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "uq_template_trials_open", "template_trials", ["template_id"], unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )  # fmt: skip
    op.create_table(
        "template_uses",
        *_row("template_uses"),
        _reference("template_id", "templates", "template_uses"),
        _reference("version_id", "template_versions", "template_uses"),
        _reference("trial_id", "template_trials", "template_uses", nullable=True),
        _reference("user_id", "users", "template_uses"),
        _reference("message_id", "messages", "template_uses"),
        sa.Column("at_default", postgresql.ARRAY(sa.String(40)), nullable=False),
        sa.Column("left_empty", postgresql.ARRAY(sa.String(40)), nullable=False),
        sa.UniqueConstraint("message_id", name="uq_template_uses_message_id"),
    )
    op.create_index("ix_template_uses_template_id_version_id", "template_uses", ["template_id", "version_id"])
    op.create_table(
        "message_pins",
        *_row("message_pins"),
        _reference("context_id", "contexts", "message_pins"),
        _reference("message_id", "messages", "message_pins"),
        _reference("pinned_by", "users", "message_pins"),
        sa.UniqueConstraint("message_id", name="uq_message_pins_message_id"),
    )
    for table, column in (("templates", "owner_id"), ("message_pins", "context_id")):
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table in _TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)
    # As with other versions: nobody changes one, and only Faraday erases.
    op.execute(
        "create trigger template_versions_kept before update or delete on template_versions"
        " for each row execute function refuse_change_but('note', 'faraday')"
    )
    op.execute(
        "create trigger template_versions_whole before truncate on template_versions"
        " for each statement execute function refuse_change()"
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _reference(column: str, to: str, table: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=nullable)
