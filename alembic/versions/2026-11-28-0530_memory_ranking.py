"""What memories mean, so that they are found by other words for the same."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0045"
down_revision = "0038b"

# A person's own memories are shown to nobody else, nor is what they mean.
OF_WHAT_IS_SEEN = (
    "app_system() or (organization_id = app_organization()"
    " and exists (select 1 from memories where memories.id = memory_id))"
)
# Without pgvector memories are found by their words alone.
VECTORS = """
do $$
begin
    if exists (select 1 from pg_extension where extname = 'vector') then
        alter table memory_vectors add column embedding vector(384);
    end if;
end $$;
"""


def upgrade() -> None:
    op.create_table(
        "memory_vectors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_memory_vectors_organization_id"),
        sa.ForeignKeyConstraint(["memory_id"], ["memories.id"], name="fk_memory_vectors_memory_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_memory_vectors"),
    )
    op.create_index("ix_memory_vectors_organization_id", "memory_vectors", ["organization_id"])
    op.create_unique_constraint("uq_memory_vectors_memory_id", "memory_vectors", ["memory_id"])
    for statement in row_security.protect("memory_vectors", OF_WHAT_IS_SEEN):
        op.execute(statement)
    op.execute(VECTORS)


def downgrade() -> None:
    op.drop_table("memory_vectors")
