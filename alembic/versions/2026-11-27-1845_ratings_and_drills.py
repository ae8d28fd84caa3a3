"""What people think of answers, requests as they left, policies tried on the past, and drills that tell how far."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0031"
down_revision = "0028"

TABLES = ("answer_ratings", "sent_requests", "routing_replays")


def upgrade() -> None:
    op.create_table(
        "answer_ratings",
        *_row("answer_ratings"),
        _reference("user_id", "users", "answer_ratings"),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("task", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=True),
        sa.UniqueConstraint("message_id", "user_id", name="uq_answer_ratings_message_id_user_id"),
    )
    op.create_index("ix_answer_ratings_user_id", "answer_ratings", ["user_id"])
    op.execute("create index ix_answer_ratings_organization_id_id on answer_ratings (organization_id, id desc)")
    op.create_table(
        "sent_requests",
        *_row("sent_requests"),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("provider", sa.String(length=60), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["route_receipts.id"], name="fk_sent_requests_receipt_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sent_requests_receipt_id", "sent_requests", ["receipt_id"])
    op.create_table(
        "routing_replays",
        *_row("routing_replays"),
        _reference("started_by", "users", "routing_replays"),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("strategy", sa.String(length=16), nullable=False),
        sa.Column("learned", sa.Boolean(), nullable=False),
        *_work(),
        sa.Column("forecast", postgresql.JSONB(), nullable=True),
    )
    op.execute("create index ix_routing_replays_organization_id_id on routing_replays (organization_id, id desc)")
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)
    _open("routing_replays")
    _widen()


def downgrade() -> None:
    op.execute("delete from failover_drills where status <> 'done'")
    op.drop_index("ix_failover_drills_open", "failover_drills")
    for name in ("finished_at", "lease_until", "error", "total", "done", "status", "added_ms"):
        op.drop_column("failover_drills", name)
    op.drop_column("routing_policies", "drills")
    for table in reversed(TABLES):
        op.drop_table(table)


def _widen() -> None:
    """What is there already was drilled each week, and to its end."""
    op.add_column("routing_policies", sa.Column("drills", sa.String(length=8), nullable=False, server_default="weekly"))
    op.alter_column("routing_policies", "drills", server_default=None)
    added = sa.Column("added_ms", sa.Integer(), nullable=False, server_default="0")
    for column in (*_work("done", "", "0"), added):
        op.add_column("failover_drills", column)
        op.alter_column("failover_drills", column.name, server_default=None)
    op.execute("update failover_drills set finished_at = created_at")
    _open("failover_drills")


def _work(status: str | None = None, error: str | None = None, count: str | None = None) -> list[sa.Column]:
    """How far something is; the values are those of the rows that are there."""
    return [
        sa.Column("status", sa.String(length=8), nullable=False, server_default=status),
        sa.Column("done", sa.Integer(), nullable=False, server_default=count),
        sa.Column("total", sa.Integer(), nullable=False, server_default=count),
        sa.Column("error", sa.String(length=300), nullable=False, server_default=error),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _open(table: str) -> None:
    """One at a time in an organisation."""
    op.create_index(
        f"ix_{table}_open", table, ["organization_id"], unique=True, postgresql_where=sa.text("finished_at is null")
    )


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _reference(name: str, target: str, table: str) -> sa.Column:
    return sa.Column(
        name, sa.Uuid(), sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}"), nullable=name == "started_by"
    )
