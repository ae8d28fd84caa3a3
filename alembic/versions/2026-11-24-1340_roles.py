"""Roles of an organisation's own, rules for one person, and platform administrators."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0013"
down_revision = "0003"

TABLES = ("roles", "role_rules", "role_assignments")


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
    ]


def _keys(table: str, **links: str) -> list[sa.Constraint]:
    links = {"organization_id": "organizations.id", **links}
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(sa.ForeignKeyConstraint([name], [to], name=op.f(f"fk_{table}_{name}")) for name, to in links.items()),
    ]


def upgrade() -> None:
    op.add_column("users", sa.Column("platform_admin", sa.Boolean(), server_default=sa.false(), nullable=False))
    # Who set this installation up is responsible for it. Row-level security holds for the owner too.
    op.execute("select set_config('app.system', 'on', true)")
    op.execute(
        "update users set platform_admin = true where id = (select user_id from memberships"
        " where role = 'administrator' and deactivated_at is null order by id limit 1)"
    )
    op.execute("select set_config('app.system', 'off', true)")
    op.create_table(
        "roles",
        *_columns(),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("parent_role", sa.String(length=32), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_role is null or parent_id is null", name=op.f("ck_roles_one_parent")),
        *_keys("roles", parent_id="roles.id"),
    )
    op.create_index(
        "uq_roles_name",
        "roles",
        ["organization_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "role_rules",
        *_columns(),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("effect", sa.String(length=8), nullable=False),
        sa.Column("permission", sa.String(length=64), nullable=False),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(role_id is null) <> (user_id is null)", name=op.f("ck_role_rules_one_holder")),
        sa.CheckConstraint("effect in ('allow', 'deny')", name=op.f("ck_role_rules_effect")),
        *_keys("role_rules", role_id="roles.id", user_id="users.id"),
    )
    op.create_index(
        "uq_role_rules_role",
        "role_rules",
        ["role_id", "permission"],
        unique=True,
        postgresql_where=sa.text("role_id is not null"),
    )
    op.create_index(
        "uq_role_rules_person",
        "role_rules",
        ["organization_id", "user_id", "permission"],
        unique=True,
        postgresql_where=sa.text("user_id is not null"),
    )
    op.create_table(
        "role_assignments",
        *_columns(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("role_assignments", user_id="users.id", role_id="roles.id", given_by="users.id"),
    )
    op.create_index(
        "uq_role_assignments_current",
        "role_assignments",
        ["user_id", "role_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(op.f("ix_role_assignments_user_id"), "role_assignments", ["user_id"], unique=False)
    op.create_index(op.f("ix_role_assignments_role_id"), "role_assignments", ["role_id"], unique=False)
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_organization_id"), table, ["organization_id"], unique=False)
        for statement in row_security.protect(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("users", "platform_admin")
