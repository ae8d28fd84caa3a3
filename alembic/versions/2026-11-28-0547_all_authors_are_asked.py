"""A question about passages in common is put to all authors of a text: each has a row, with the same question."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0044"

TABLE, INDEX = "similarity_reviews", "uq_similarity_reviews_open"
OPEN = sa.text("withdrawn_at is null and confirmed_at is null")


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("question_id", sa.Uuid(), nullable=True))
    op.execute("select set_config('app.system', 'on', true)")
    op.execute("update similarity_reviews set question_id = id")
    op.execute("select set_config('app.system', 'off', true)")
    op.alter_column(TABLE, "question_id", nullable=False)
    op.create_index("ix_similarity_reviews_question_id", TABLE, ["question_id"])
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["submission_id", "student_id"], unique=True, postgresql_where=OPEN)


def downgrade() -> None:
    """Of an open question only the first author is asked on; the others' is taken back, with what was made of it."""
    op.execute("select set_config('app.system', 'on', true)")
    op.execute(
        "update similarity_reviews later set withdrawn_at = now(), outcome = null, decided_by = null,"
        " decided_at = null, sealed_note = null from similarity_reviews first"
        " where first.submission_id = later.submission_id and first.id < later.id"
        " and first.withdrawn_at is null and first.confirmed_at is null"
        " and later.withdrawn_at is null and later.confirmed_at is null"
    )
    op.execute("select set_config('app.system', 'off', true)")
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["submission_id"], unique=True, postgresql_where=OPEN)
    op.drop_index("ix_similarity_reviews_question_id", TABLE)
    op.drop_column(TABLE, "question_id")
