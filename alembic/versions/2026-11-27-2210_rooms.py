"""What was forgotten for good, how far alerts have looked, requests that may be repeated, and a person's language."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0033"
down_revision = "0029"

_REPEATED = {"backups": "started_by", "restores": "started_by", "templates": "owner_id"}


def upgrade() -> None:
    op.create_table(
        "forgotten",
        *_row("forgotten"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "organization_id", "kind", "subject_id", name="uq_forgotten_organization_id_kind_subject_id"
        ),
    )
    op.create_table(
        "alert_looks",
        *_row("alert_looks"),
        sa.Column("looked_until", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("organization_id", name="uq_alert_looks_organization_id"),
    )
    for table in ("forgotten", "alert_looks"):
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        for statement in row_security.protect(table):
            op.execute(statement)
    for table, person in _REPEATED.items():
        op.add_column(table, sa.Column("request_key", sa.String(160), nullable=True))
        columns = ["organization_id", person, "request_key"]
        op.create_unique_constraint(f"uq_{table}_{'_'.join(columns)}", table, columns)
    op.add_column("users", sa.Column("answer_language", sa.String(16), nullable=False, server_default=""))
    op.alter_column("users", "answer_language", server_default=None)
    op.execute(_GONE_ALREADY)


def downgrade() -> None:
    op.drop_column("users", "answer_language")
    for table in _REPEATED:
        op.drop_column(table, "request_key")
    op.drop_table("alert_looks")
    op.drop_table("forgotten")


# Whoever upgrades has forgotten and ended things already.
_GONE_ALREADY = """
    insert into forgotten (id, created_at, organization_id, kind, subject_id, forgotten_at)
    select gen_random_uuid(), now(), organization_id, 'memory', id, coalesce(forgotten_at, decided_at, now())
    from memories where forgotten_at is not null or status = 'dismissed'
    union all
    select gen_random_uuid(), now(), organization_id, 'share', id, coalesce(ended_at, now())
    from gpt_shares where status in ('declined', 'ended')
"""


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]
