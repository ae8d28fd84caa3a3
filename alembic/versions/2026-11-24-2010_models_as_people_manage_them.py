"""The end of a provider's key, which models may answer a run, and indexes that figures are counted from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

COUNTED = ["deployment_id", "outcome", "first_token_ms", "total_ms", "prompt_tokens", "answer_tokens", "cost"]


def upgrade() -> None:
    op.add_column("model_provider_keys", sa.Column("ending", sa.String(length=4), nullable=False, server_default=""))
    op.alter_column("model_provider_keys", "ending", server_default=None)
    op.add_column(
        "runs", sa.Column("models", postgresql.ARRAY(sa.String(length=120)), nullable=False, server_default="{}")
    )
    op.alter_column("runs", "models", server_default=None)
    op.create_index(
        "ix_route_receipts_straight",
        "route_receipts",
        ["organization_id", "id"],
        postgresql_include=COUNTED,
        postgresql_where=sa.text("jsonb_array_length(attempts) <= 1"),
    )
    op.create_index(
        "ix_route_receipts_detours",
        "route_receipts",
        ["organization_id", "id"],
        postgresql_where=sa.text("jsonb_array_length(attempts) > 1"),
    )


def downgrade() -> None:
    op.drop_index("ix_route_receipts_detours", "route_receipts")
    op.drop_index("ix_route_receipts_straight", "route_receipts")
    op.drop_column("runs", "models")
    op.drop_column("model_provider_keys", "ending")
