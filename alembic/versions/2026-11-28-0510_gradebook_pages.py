"""One piece of work may be posted in another way than its class."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0043"
down_revision = "0045"

TABLE = "assignment_postings"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("posting", sa.String(length=16), nullable=False),
        sa.CheckConstraint("posting in ('automatic', 'manual')", name=op.f("ck_assignment_postings_posting")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{TABLE}_organization_id"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=f"fk_{TABLE}_assignment_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("assignment_id", name=f"uq_{TABLE}_assignment_id"),
    )
    op.create_index(f"ix_{TABLE}_organization_id", TABLE, ["organization_id"])
    for statement in row_security.protect(TABLE):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(TABLE)
