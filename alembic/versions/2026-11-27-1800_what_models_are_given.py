"""What a model was given beside the conversation, kept with the answer and its run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    empty = sa.text("'{}'")
    op.add_column(
        "contexts", sa.Column("left_out", postgresql.ARRAY(sa.String(120)), nullable=False, server_default=empty)
    )
    op.add_column("messages", sa.Column("given", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("runs", sa.Column("sealed_given", sa.Text(), nullable=True))
    op.alter_column("contexts", "left_out", server_default=None)
    op.alter_column("messages", "given", server_default=None)


def downgrade() -> None:
    op.drop_column("runs", "sealed_given")
    op.drop_column("messages", "given")
    op.drop_column("contexts", "left_out")
