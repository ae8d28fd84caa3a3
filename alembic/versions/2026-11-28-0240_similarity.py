"""Similarity: the texts of what was handed in, their fingerprints, pairs that run alike, and what people made of it."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0041b"
down_revision = "0040"

TABLES = (
    "similarity_texts",
    "similarity_handouts",
    "similarity_checks",
    "similarity_pairs",
    "similarity_reviews",
)


def upgrade() -> None:
    _texts()
    _fingerprints()
    _handouts()
    _pairs()
    _reviews()
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
    for table in (*TABLES, "similarity_fingerprints"):
        for statement in row_security.protect(table):
            op.execute(statement)


def downgrade() -> None:
    for table in ("similarity_fingerprints", *reversed(TABLES)):
        op.drop_table(table)


def _texts() -> None:
    op.create_table(
        "similarity_texts",
        *_row("similarity_texts"),
        _reference("submission_id", "submissions", "similarity_texts", goes_along=True),
        _reference("assignment_id", "assignments", "similarity_texts"),
        _reference("student_id", "users", "similarity_texts"),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.Column("ending", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("fingerprints", sa.Integer(), nullable=False),
        sa.Column("sealed_text", sa.String(), nullable=True),
        sa.Column("problem", sa.String(length=400), nullable=False),
        sa.UniqueConstraint("submission_id", name="uq_similarity_texts_submission_id"),
    )
    _index("similarity_texts", "student_id")
    op.create_index("ix_similarity_texts_assignment_id_student_id", "similarity_texts", ["assignment_id", "student_id"])
    op.create_index(
        "ix_similarity_texts_organization_id_current",
        "similarity_texts",
        ["organization_id"],
        postgresql_where=sa.text("current"),
    )


def _fingerprints() -> None:
    table = "similarity_fingerprints"
    op.create_table(
        table,
        _reference("organization_id", "organizations", table),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        _reference("text_id", "similarity_texts", table, goes_along=True),
        sa.PrimaryKeyConstraint("organization_id", "hash", "text_id", name=f"pk_{table}"),
    )
    _index(table, "text_id")


def _handouts() -> None:
    op.create_table(
        "similarity_handouts",
        *_row("similarity_handouts"),
        _reference("assignment_id", "assignments", "similarity_handouts"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sealed_text", sa.String(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        _reference("added_by", "users", "similarity_handouts"),
    )
    _index("similarity_handouts", "assignment_id", "added_by")
    op.create_table(
        "similarity_checks",
        *_row("similarity_checks"),
        _reference("assignment_id", "assignments", "similarity_checks"),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        _moment("claimed_until"),
        _moment("checked_at"),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.CheckConstraint("share between 10 and 100", name=op.f("ck_similarity_checks_share")),
        sa.UniqueConstraint("assignment_id", name="uq_similarity_checks_assignment_id"),
    )
    op.create_index(
        "ix_similarity_checks_waiting", "similarity_checks", ["id"], postgresql_where=sa.text("wanted <> done")
    )


def _pairs() -> None:
    op.create_table(
        "similarity_pairs",
        *_row("similarity_pairs"),
        _reference("assignment_id", "assignments", "similarity_pairs"),
        _reference("left_id", "similarity_texts", "similarity_pairs", goes_along=True),
        _reference("right_id", "similarity_texts", "similarity_pairs", goes_along=True),
        sa.Column("within", sa.Boolean(), nullable=False),
        sa.Column("left_share", sa.Float(), nullable=False),
        sa.Column("right_share", sa.Float(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("longest", sa.Integer(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.UniqueConstraint("left_id", "right_id", name="uq_similarity_pairs_left_id_right_id"),
    )
    _index("similarity_pairs", "right_id")
    op.create_index("ix_similarity_pairs_assignment_id_similarity", "similarity_pairs", ["assignment_id", "similarity"])


def _reviews() -> None:
    table = "similarity_reviews"
    op.create_table(
        table,
        *_row(table),
        _reference("assignment_id", "assignments", table),
        _reference("submission_id", "submissions", table, goes_along=True),
        _reference("student_id", "users", table),
        sa.Column("pair_id", sa.Uuid(), nullable=True),
        _reference("asked_by", "users", table),
        sa.Column("sealed_question", sa.String(), nullable=False),
        sa.Column("sealed_passages", sa.String(), nullable=False),
        sa.Column("sealed_statement", sa.String(), nullable=True),
        _moment("stated_at"),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("sealed_note", sa.String(), nullable=True),
        _reference("decided_by", "users", table, nullable=True),
        _moment("decided_at"),
        _reference("confirmed_by", "users", table, nullable=True),
        _moment("confirmed_at"),
        _moment("withdrawn_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome is null or stated_at is not null", name=op.f("ck_similarity_reviews_heard")),
        sa.CheckConstraint(
            "confirmed_at is null or (outcome is not null and confirmed_by <> decided_by)",
            name=op.f("ck_similarity_reviews_two"),
        ),
        sa.CheckConstraint(
            "outcome is null or outcome in ('settled', 'talked', 'revise', 'passed_on')",
            name=op.f("ck_similarity_reviews_outcome"),
        ),
    )
    _index(table, "assignment_id", "submission_id", "student_id", "asked_by", "decided_by", "confirmed_by")
    op.create_index(
        "uq_similarity_reviews_open",
        table,
        ["submission_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null and confirmed_at is null"),
    )


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _reference(column: str, to: str, table: str, *, nullable: bool = False, goes_along: bool = False) -> sa.Column:
    """``goes_along``: the row is removed with what it refers to."""
    key = sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}", ondelete="CASCADE" if goes_along else None)
    return sa.Column(column, sa.Uuid(), key, nullable=nullable)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
