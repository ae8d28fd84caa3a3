"""The library of a class: files, links and pages in folders, their versions, words, use, and what assignments need."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from faraday_app.core import row_security

revision = "0037"
down_revision = "0039"

TABLES = (
    "material_folders",
    "materials",
    "material_files",
    "material_versions",
    "material_words",
    "material_uses",
    "assignment_materials",
)


def upgrade() -> None:
    _folders()
    _materials()
    _contents()
    _around()
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _folders() -> None:
    op.create_table(
        "material_folders",
        *_row("material_folders"),
        _reference("class_id", "classes", "material_folders"),
        _reference("parent_id", "material_folders", "material_folders", nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        _moment("deleted_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_material_folders_parent_id", "material_folders", ["parent_id"])
    op.create_index(
        "uq_material_folders_name",
        "material_folders",
        [
            "class_id",
            sa.text("coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            sa.text("lower(name)"),
        ],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )


def _materials() -> None:
    op.create_table(
        "materials",
        *_row("materials"),
        _reference("class_id", "classes", "materials"),
        _reference("folder_id", "material_folders", "materials", nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("section_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        _moment("visible_from", nullable=True),
        _moment("visible_until", nullable=True),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        _reference("created_by", "users", "materials", nullable=True),
        _moment("updated_at"),
        _moment("deleted_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=100), nullable=True),
        sa.CheckConstraint("kind in ('file', 'link', 'page')", name=op.f("ck_materials_kind")),
        sa.CheckConstraint("visible_from < visible_until", name=op.f("ck_materials_in_order")),
        sa.UniqueConstraint("class_id", "request_key", name="uq_materials_class_id_request_key"),
    )
    op.create_index("ix_materials_class_id_folder_id", "materials", ["class_id", "folder_id"])
    op.create_index("ix_materials_folder_id", "materials", ["folder_id"])
    op.create_index("ix_materials_tags", "materials", ["tags"], postgresql_using="gin")


def _contents() -> None:
    op.create_table(
        "material_files",
        *_row("material_files"),
        _reference("material_id", "materials", "material_files"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("content_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_key", sa.String(), nullable=False),
        sa.Column("sealed_text", sa.String(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("claimed_until", nullable=True),
    )
    op.create_index("ix_material_files_material_id", "material_files", ["material_id"])
    op.create_index(
        "ix_material_files_waiting", "material_files", ["id"], postgresql_where=sa.text("state = 'reading'")
    )
    op.create_table(
        "material_versions",
        *_row("material_versions"),
        _reference("material_id", "materials", "material_versions"),
        sa.Column("number", sa.Integer(), nullable=False),
        _reference("author_id", "users", "material_versions", nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        _reference("file_id", "material_files", "material_versions", nullable=True),
        sa.UniqueConstraint("material_id", "number", name="uq_material_versions_material_id_number"),
    )
    op.create_index("ix_material_versions_file_id", "material_versions", ["file_id"])


def _around() -> None:
    op.create_table(
        "material_words",
        *_row("material_words"),
        _reference("material_id", "materials", "material_words"),
        sa.Column("words", TSVECTOR(), nullable=False),
        sa.UniqueConstraint("material_id", name="uq_material_words_material_id"),
    )
    op.create_index("ix_material_words_words", "material_words", ["words"], postgresql_using="gin")
    op.create_table(
        "material_uses",
        *_row("material_uses"),
        _reference("material_id", "materials", "material_uses"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("downloaded", sa.Integer(), nullable=False),
        sa.UniqueConstraint("material_id", "day", name="uq_material_uses_material_id_day"),
    )
    op.create_table(
        "assignment_materials",
        *_row("assignment_materials"),
        _reference("assignment_id", "assignments", "assignment_materials"),
        _reference("material_id", "materials", "assignment_materials"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.UniqueConstraint("assignment_id", "material_id", name="uq_assignment_materials_assignment_id_material_id"),
    )
    op.create_index("ix_assignment_materials_material_id", "assignment_materials", ["material_id"])


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _reference(column: str, to: str, table: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=nullable)
