"""Which system's files have brought a line item or a result: what they do not have any more ends."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0047"


def upgrade() -> None:
    op.add_column("exchange_items", sa.Column("source", sa.String(length=120), nullable=False, server_default=""))
    op.alter_column("exchange_items", "source", server_default=None)
    op.create_index("ix_exchange_items_organization_id_source", "exchange_items", ["organization_id", "source"])


def downgrade() -> None:
    op.drop_index("ix_exchange_items_organization_id_source", "exchange_items")
    op.drop_column("exchange_items", "source")
