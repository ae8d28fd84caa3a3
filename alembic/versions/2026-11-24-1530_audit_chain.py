"""An audit trail that can be proved: events are sealed into chains of blocks, days are signed."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0016"
down_revision = "0010"

TABLES = ["audit_seals", "audit_blocks", "audit_roots"]
CHAIN = "(coalesce(organization_id, '00000000-0000-0000-0000-000000000000'::uuid))"


def upgrade() -> None:
    op.add_column(
        "audit_events",
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
    )
    op.add_column("audit_events", sa.Column("outcome", sa.String(length=20), server_default="done", nullable=False))
    op.create_index("ix_audit_events_chain_transaction_id", "audit_events", [sa.text(CHAIN), "transaction_id"])
    _create_blocks()
    op.create_table(
        "audit_seals",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("block_id", "position", name=op.f("uq_audit_seals_block_id_position")),
    )
    op.create_table(
        "audit_roots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_roots")),
    )
    op.create_index("uq_audit_roots_chain_day", "audit_roots", [sa.text(CHAIN), "day"], unique=True)
    for table in TABLES:
        op.execute(row_security.append_only(table))
        for statement in row_security.protect(table, new_rows=row_security.SYSTEM):
            op.execute(statement)


def _create_blocks() -> None:
    op.create_table(
        "audit_blocks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.BigInteger(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_blocks")),
    )
    op.create_index("uq_audit_blocks_chain_number", "audit_blocks", [sa.text(CHAIN), "number"], unique=True)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_audit_events_chain_transaction_id", "audit_events")
    op.drop_column("audit_events", "outcome")
    op.drop_column("audit_events", "transaction_id")
