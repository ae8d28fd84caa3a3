"""What a question is expected to cost, how the window was spread, summaries of old turns, the language of answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0025"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("contexts", sa.Column("answer_language", sa.String(16), nullable=False, server_default=sa.text("''")))
    op.add_column("messages", sa.Column("spread", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")))
    op.alter_column("contexts", "answer_language", server_default=None)
    op.alter_column("messages", "spread", server_default=None)
    op.add_column("runs", sa.Column("likely_cost", sa.BigInteger(), nullable=True))
    op.add_column("runs", sa.Column("most_cost", sa.BigInteger(), nullable=True))
    op.add_column("runs", sa.Column("most_prompt", sa.Integer(), nullable=True))
    op.execute("create index ix_runs_started_by_id on runs (started_by, id desc)")
    op.execute("create index ix_runs_organization_id_id on runs (organization_id, id desc)")
    _summaries()


def downgrade() -> None:
    op.drop_table("turn_summaries")
    op.drop_index("ix_runs_organization_id_id", "runs")
    op.drop_index("ix_runs_started_by_id", "runs")
    for column in ("most_prompt", "most_cost", "likely_cost"):
        op.drop_column("runs", column)
    op.drop_column("messages", "spread")
    op.drop_column("contexts", "answer_language")


def _summaries() -> None:
    table = "turn_summaries"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _reference("organization_id", "organizations"),
        _reference("context_id", "contexts"),
        _reference("ends_at_id", "messages"),
        _reference("asked_by_id", "users"),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("error", sa.String(300), nullable=False),
        sa.Column("sealed_text", sa.Text(), nullable=True),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("answer_tokens", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("context_id", "ends_at_id", name=f"uq_{table}_context_id_ends_at_id"),
    )
    op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
    op.create_index(f"ix_{table}_ends_at_id", table, ["ends_at_id"])
    op.create_index(f"ix_{table}_wanted", table, ["id"], postgresql_where=sa.text("stage = 'wanted'"))
    op.execute(f"create index ix_{table}_asked_by_id_id on {table} (asked_by_id, id desc)")
    for statement in row_security.protect(table):
        op.execute(statement)


def _reference(column: str, to: str) -> sa.Column:
    reference = sa.ForeignKey(f"{to}.id", name=f"fk_turn_summaries_{column}")
    return sa.Column(column, sa.Uuid(), reference, nullable=False)
