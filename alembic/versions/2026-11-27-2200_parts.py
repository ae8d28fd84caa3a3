"""Files are told by the hash of their content; what ended from the other side waits to be taken note of."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("stored_files", sa.Column("sealed_digest", sa.Text(), nullable=True))
    op.add_column("gpt_shares", sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("select set_config('app.system', 'on', true)")
    over = "status not in ('offered', 'active')"
    op.execute(f"update gpt_shares set noted_at = coalesce(ended_at, decided_at, created_at) where {over}")
    op.execute("select set_config('app.system', 'off', true)")


def downgrade() -> None:
    op.drop_column("gpt_shares", "noted_at")
    op.drop_column("stored_files", "sealed_digest")
