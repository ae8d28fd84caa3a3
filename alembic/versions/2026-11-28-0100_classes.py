"""Classes, their terms, who teaches, who learns, and whose children they are."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0034"
down_revision = "0033b"

TABLES = ("terms", "grading_periods", "classes", "sections", "class_staff", "enrolments", "guardianships")


def upgrade() -> None:
    op.create_table(
        "terms",
        *_row("terms"),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_terms_in_order")),
    )
    op.create_index(
        "uq_terms_name",
        "terms",
        ["organization_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "grading_periods",
        *_row("grading_periods"),
        _reference("term_id", "terms", "grading_periods"),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("weight", sa.Numeric(9, 4), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_grading_periods_in_order")),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_grading_periods_weight")),
    )
    op.create_index("ix_grading_periods_term_id", "grading_periods", ["term_id"])
    op.create_table(
        "classes",
        *_row("classes"),
        _reference("term_id", "terms", "classes"),
        _reference("department_id", "departments", "classes", nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_classes_department_id", "classes", ["department_id"])
    op.create_index("ix_classes_term_id", "classes", ["term_id"])
    op.create_table(
        "sections",
        *_row("sections"),
        _reference("class_id", "classes", "sections"),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_sections_class_id", "sections", ["class_id"])
    op.create_index(
        "uq_sections_name",
        "sections",
        ["class_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "class_staff",
        *_row("class_staff"),
        _reference("class_id", "classes", "class_staff"),
        _reference("user_id", "users", "class_staff"),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role in ('teacher', 'aide')", name=op.f("ck_class_staff_role")),
    )
    op.create_index("ix_class_staff_class_id", "class_staff", ["class_id"])
    op.create_index("ix_class_staff_user_id", "class_staff", ["user_id"])
    op.create_index(
        "uq_class_staff_current",
        "class_staff",
        ["class_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "enrolments",
        *_row("enrolments"),
        _reference("class_id", "classes", "enrolments"),
        _reference("student_id", "users", "enrolments"),
        _reference("section_id", "sections", "enrolments", nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status in ('active', 'withdrawn', 'completed')", name=op.f("ck_enrolments_status")),
        sa.UniqueConstraint("class_id", "student_id", name="uq_enrolments_class_id_student_id"),
    )
    op.create_index("ix_enrolments_section_id", "enrolments", ["section_id"])
    op.create_index("ix_enrolments_student_id", "enrolments", ["student_id"])
    op.create_table(
        "guardianships",
        *_row("guardianships"),
        _reference("guardian_id", "users", "guardianships"),
        _reference("student_id", "users", "guardianships"),
        sa.Column("relationship", sa.String(length=40), nullable=False),
        _reference("made_by", "users", "guardianships", nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("guardian_id <> student_id", name=op.f("ck_guardianships_two_people")),
    )
    op.create_index("ix_guardianships_guardian_id", "guardianships", ["guardian_id"])
    op.create_index("ix_guardianships_student_id", "guardianships", ["student_id"])
    op.create_index(
        "uq_guardianships_current",
        "guardianships",
        ["guardian_id", "student_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    for table in TABLES:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
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
