"""Events say of which request they are; every filter has an index; searches are kept; who saw whom is folded."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0018"
down_revision = "0016"

# Each ends with the id, by which the trail is paged.
INDEXES = {
    "address_id": "organization_id, address, id desc",
    "target_id_id": "organization_id, target_id, id desc",
    "target_type_id": "organization_id, target_type, id desc",
}


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("request_id", sa.String(length=32), server_default="", nullable=False))
    op.add_column("audit_events", sa.Column("session_id", sa.Uuid(), nullable=True))
    op.add_column("audit_events", sa.Column("api_key_id", sa.Uuid(), nullable=True))
    for name, columns in INDEXES.items():
        op.execute(f"create index ix_audit_events_organization_id_{name} on audit_events ({columns})")
    op.execute(
        "create index ix_audit_events_not_done on audit_events (organization_id, outcome, id desc)"
        " where outcome <> 'done'"
    )
    _create_searches()
    _create_views()


def _create_searches() -> None:
    op.create_table(
        "audit_searches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_audit_searches_organization_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_audit_searches_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_searches")),
        sa.UniqueConstraint(
            "organization_id", "owner_id", "name", name=op.f("uq_audit_searches_organization_id_owner_id_name")
        ),
    )
    op.create_index(op.f("ix_audit_searches_organization_id"), "audit_searches", ["organization_id"])
    for statement in row_security.protect("audit_searches"):
        op.execute(statement)


def _create_views() -> None:
    op.create_table(
        "record_views",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("viewer_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_record_views_organization_id")
        ),
        sa.ForeignKeyConstraint(["viewer_id"], ["users.id"], name=op.f("fk_record_views_viewer_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["users.id"], name=op.f("fk_record_views_subject_id")),
        sa.PrimaryKeyConstraint("organization_id", "viewer_id", "subject_id", "what", name=op.f("pk_record_views")),
    )
    for statement in row_security.protect("record_views"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("record_views")
    op.drop_table("audit_searches")
    op.drop_index("ix_audit_events_not_done", "audit_events")
    for name in INDEXES:
        op.drop_index(f"ix_audit_events_organization_id_{name}", "audit_events")
    for column in ("api_key_id", "session_id", "request_id"):
        op.drop_column("audit_events", column)
