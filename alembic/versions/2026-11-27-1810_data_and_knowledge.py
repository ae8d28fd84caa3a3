"""The data of conversations, the files of GPTs, and passages that are found by meaning where pgvector is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0024"
down_revision = "0031"

TABLES = ("stored_files", "file_passages", "context_items", "gpt_files")
# Without the right to create the extension, or without the extension itself, files are found by their words alone.
VECTORS = """
do $$
begin
    create extension if not exists vector;
exception when others then
    raise notice 'pgvector is not available';
end $$;
do $$
begin
    if exists (select 1 from pg_extension where extname = 'vector') then
        alter table file_passages add column embedding vector(384);
        create index ix_file_passages_embedding on file_passages using hnsw (embedding vector_cosine_ops);
    end if;
end $$;
"""


def upgrade() -> None:
    op.create_table(
        "stored_files",
        *_row("stored_files"),
        _reference("added_by", "users", "stored_files"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sealed_key", sa.String(), nullable=False),
        sa.Column("sealed_text", sa.String(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_stored_files_waiting", "stored_files", ["id"], postgresql_where=sa.text("state = 'reading'"))
    op.create_table(
        "file_passages",
        *_row("file_passages"),
        _reference("file_id", "stored_files", "file_passages"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sealed_text", sa.String(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.UniqueConstraint("file_id", "place", name="uq_file_passages_file_id_place"),
    )
    op.create_index("ix_file_passages_words", "file_passages", ["words"], postgresql_using="gin")
    op.create_table(
        "context_items",
        *_row("context_items"),
        _reference("context_id", "contexts", "context_items"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sealed_content", sa.String(), nullable=True),
        _reference("file_id", "stored_files", "context_items", nullable=True),
        _reference("author_id", "users", "context_items"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_key", sa.String(length=120), nullable=True),
        sa.UniqueConstraint("context_id", "request_key", name="uq_context_items_context_id_request_key"),
    )
    op.execute("create index ix_context_items_context_id_id on context_items (context_id, id desc)")
    op.create_index("ix_context_items_file_id", "context_items", ["file_id"])
    op.create_table(
        "gpt_files",
        *_row("gpt_files"),
        _reference("gpt_id", "gpts", "gpt_files"),
        _reference("file_id", "stored_files", "gpt_files"),
        _reference("added_by", "users", "gpt_files"),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
    )
    for column in ("gpt_id", "file_id"):
        op.create_index(f"ix_gpt_files_{column}", "gpt_files", [column])
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)
    op.execute(VECTORS)


def downgrade() -> None:
    """The extension stays: others may use it by now."""
    for table in ("gpt_files", "context_items", "file_passages", "stored_files"):
        op.drop_table(table)


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _reference(column: str, to: str, table: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=nullable)
