"""All events of one request are found by an index."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.execute(
        "create index ix_audit_events_request on audit_events (organization_id, request_id, id desc)"
        " where request_id <> ''"
    )


def downgrade() -> None:
    op.drop_index("ix_audit_events_request", "audit_events")
