"""Find a chain's events and its last block by the organisation itself.

Under row security PostgreSQL takes no index over ``coalesce``, which it does not know to keep secrets.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033b"
down_revision = "0032"

CHAIN = "(coalesce(organization_id, '00000000-0000-0000-0000-000000000000'::uuid))"


def upgrade() -> None:
    op.create_index(
        "ix_audit_events_organization_id_transaction_id", "audit_events", ["organization_id", "transaction_id"]
    )
    op.drop_index("ix_audit_events_chain_transaction_id", "audit_events")
    op.create_index(
        "ix_audit_blocks_organization_id_number", "audit_blocks", ["organization_id", sa.text("number desc")]
    )


def downgrade() -> None:
    op.drop_index("ix_audit_blocks_organization_id_number", "audit_blocks")
    op.create_index("ix_audit_events_chain_transaction_id", "audit_events", [sa.text(CHAIN), "transaction_id"])
    op.drop_index("ix_audit_events_organization_id_transaction_id", "audit_events")
