"""Students review each other's work."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.create_table(
        "peer_plans",
        *_row("peer_plans"),
        _reference("assignment_id", "assignments", "peer_plans"),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("by_lot", sa.Boolean(), nullable=False),
        _moment("due_at"),
        sa.Column("opens_when_due", sa.Boolean(), nullable=False),
        _moment("started_at"),
        _moment("released_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("assignment_id", name="uq_peer_plans_assignment_id"),
    )
    waiting = sa.text("released_at is null or started_at is null")
    op.create_index("ix_peer_plans_waiting", "peer_plans", ["id"], postgresql_where=waiting)
    op.create_table(
        "peer_reviews",
        *_row("peer_reviews"),
        _reference("assignment_id", "assignments", "peer_reviews"),
        _reference("reviewer_id", "users", "peer_reviews"),
        _reference("author_id", "users", "peer_reviews"),
        _reference("submission_id", "submissions", "peer_reviews"),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        _reference("version_id", "rubric_versions", "peer_reviews", nullable=True),
        sa.Column("sealed_words", sa.String(), nullable=True),
        _moment("submitted_at"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint(
            "assignment_id", "reviewer_id", "author_id", name="uq_peer_reviews_assignment_id_reviewer_id_author_id"
        ),
    )
    for column in ("reviewer_id", "author_id", "submission_id", "version_id"):
        op.create_index(f"ix_peer_reviews_{column}", "peer_reviews", [column])
    for table in ("peer_plans", "peer_reviews"):
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("peer_reviews")
    op.drop_table("peer_plans")


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


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)
