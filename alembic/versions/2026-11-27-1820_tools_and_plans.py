"""The tools that a GPT may use, and those that an answer called."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0027"


def upgrade() -> None:
    empty = sa.text("'{}'")
    op.add_column("gpts", sa.Column("tools", postgresql.ARRAY(sa.String(40)), nullable=False, server_default=empty))
    op.add_column("messages", sa.Column("tools", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")))
    op.alter_column("gpts", "tools", server_default=None)
    op.alter_column("messages", "tools", server_default=None)


def downgrade() -> None:
    op.drop_column("messages", "tools")
    op.drop_column("gpts", "tools")
