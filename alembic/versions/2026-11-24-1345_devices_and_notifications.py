"""Where people are signed in, with which browsers, and what they are told."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0012"
down_revision = "0017"

OWN = "organization_id = app_organization() and user_id = app_user() or app_system()"


def upgrade() -> None:
    _create_devices()
    _extend_sessions()
    _create_notifications()


def _create_devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_devices_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_devices_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint(
            "user_id", "organization_id", "token_hash", name=op.f("uq_devices_user_id_organization_id_token_hash")
        ),
    )
    op.create_index(op.f("ix_devices_organization_id"), "devices", ["organization_id"], unique=False)
    for statement in row_security.protect("devices", OWN):
        op.execute(statement)


def _extend_sessions() -> None:
    for name, length, default in [
        ("method", 32, "password"),
        ("country", 2, ""),
        ("browser", 60, ""),
        ("system", 60, ""),
        ("fingerprint", 64, ""),
    ]:
        op.add_column("sessions", sa.Column(name, sa.String(length=length), nullable=False, server_default=default))
        op.alter_column("sessions", name, server_default=None)
    op.add_column("sessions", sa.Column("former_hash", sa.String(length=64), nullable=True))
    op.add_column("sessions", sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("rotation_due", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("sessions", "rotation_due", server_default=None)
    op.add_column("sessions", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f("uq_sessions_former_hash"), "sessions", ["former_hash"])
    op.create_index(op.f("ix_sessions_device_id"), "sessions", ["device_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_sessions_device_id"), "sessions", "devices", ["device_id"], ["id"], ondelete="SET NULL"
    )


def _create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_notifications_organization_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notifications_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index(op.f("ix_notifications_organization_id"), "notifications", ["organization_id"], unique=False)
    op.create_index("ix_notifications_newest", "notifications", ["user_id", sa.text("id desc")], unique=False)
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["user_id", sa.text("id desc")],
        unique=False,
        postgresql_where=sa.text("read_at is null"),
    )
    for statement in row_security.protect("notifications", OWN):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("notifications")
    op.drop_constraint(op.f("fk_sessions_device_id"), "sessions", type_="foreignkey")
    op.drop_index(op.f("ix_sessions_device_id"), table_name="sessions")
    op.drop_constraint(op.f("uq_sessions_former_hash"), "sessions", type_="unique")
    for name in (
        "device_id",
        "rotation_due",
        "rotated_at",
        "former_hash",
        "fingerprint",
        "system",
        "browser",
        "country",
        "method",
    ):
        op.drop_column("sessions", name)
    op.drop_table("devices")
