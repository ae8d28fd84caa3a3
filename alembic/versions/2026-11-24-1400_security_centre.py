"""Alerts, incidents with their notes, and when an organisation wants to be alerted."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0017"
down_revision = "0011"


def _tenant(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
    for statement in row_security.protect(table):
        op.execute(statement)


def _incidents() -> None:
    _tenant(
        "incidents",
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name="fk_incidents_opened_by"),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name="fk_incidents_assignee_id"),
    )
    op.create_index("ix_incidents_organization_id_id", "incidents", ["organization_id", sa.text("id desc")])
    op.create_index(
        "ix_incidents_organization_id_status_id", "incidents", ["organization_id", "status", sa.text("id desc")]
    )


def _notes() -> None:
    _tenant(
        "incident_notes",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(200), nullable=False),
        sa.Column("text", sa.String(4_000), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_incident_notes_incident_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_incident_notes_author_id"),
        sa.UniqueConstraint("incident_id", "key", name="uq_incident_notes_incident_id_key"),
    )
    op.create_index("ix_incident_notes_incident_id_id", "incident_notes", ["incident_id", "id"])
    op.execute(row_security.append_only("incident_notes"))


def _alerts() -> None:
    _tenant(
        "security_alerts",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.String(1_000), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("evidence", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("told", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["subject_id"], ["users.id"], name="fk_security_alerts_subject_id"),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_security_alerts_incident_id"),
        sa.UniqueConstraint("organization_id", "key", name="uq_security_alerts_organization_id_key"),
    )
    op.create_index("ix_security_alerts_incident_id", "security_alerts", ["incident_id"])
    op.create_index("ix_security_alerts_organization_id_id", "security_alerts", ["organization_id", sa.text("id desc")])


def _settings() -> None:
    numbers = ("accounts_per_address", "addresses_per_account", "window_minutes", "travel_speed")
    numbers += ("exports_minimum", "exports_factor", "refusals", "version")
    _tenant(
        "security_settings",
        sa.Column("recipients", sa.ARRAY(sa.Uuid()), nullable=False),
        *[sa.Column(name, sa.Integer(), nullable=False) for name in numbers],
        sa.UniqueConstraint("organization_id", name="uq_security_settings_organization_id"),
    )


def upgrade() -> None:
    _incidents()
    _notes()
    _alerts()
    _settings()
    # Where sign-ins came from, and who is signed in, read from the newest on.
    op.create_index(
        "ix_sessions_organization_id_id",
        "sessions",
        ["organization_id", sa.text("id desc")],
        postgresql_include=["address", "user_id"],
    )


def downgrade() -> None:
    op.drop_index("ix_sessions_organization_id_id", "sessions")
    for table in ("security_settings", "security_alerts", "incident_notes", "incidents"):
        op.drop_table(table)
