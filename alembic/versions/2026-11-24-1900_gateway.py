"""Providers and their keys, models and where they can be asked for, prices, routing policies and receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0020"
down_revision = "0019"

TABLES = ("model_providers", "model_provider_keys", "models", "model_deployments", "model_prices", "routing_policies")


def upgrade() -> None:
    _create(
        "model_providers",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("base_url", sa.String(length=300), nullable=False),
        sa.Column("region", sa.String(length=20), nullable=False),
        sa.Column("privacy", sa.String(length=16), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("organization_id", "name", name="uq_model_providers_organization_id_name"),
    )
    _create(
        "model_provider_keys",
        _reference("provider_id", "model_providers", "model_provider_keys"),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("provider_id", "label", name="uq_model_provider_keys_provider_id_label"),
        indexed="provider_id",
    )
    _create_models()
    _create(
        "routing_policies",
        sa.Column("strategy", sa.String(length=16), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("learning", sa.Boolean(), nullable=False),
        sa.Column("region", sa.String(length=20), nullable=False),
        sa.Column("privacy", sa.String(length=16), nullable=False),
        sa.Column("tasks", postgresql.JSONB(), nullable=False),
        sa.Column("offers_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        by_organization=False,
    )
    op.create_index("uq_routing_policies_organization_id", "routing_policies", ["organization_id"], unique=True)
    _create_receipts()
    _create_learning()


def downgrade() -> None:
    for table in ("failover_drills", "model_learning", "route_receipts", *reversed(TABLES)):
        op.drop_table(table)


def _create_models() -> None:
    _create(
        "models",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("context", sa.Integer(), nullable=False),
        sa.Column("longest_answer", sa.Integer(), nullable=False),
        sa.Column("capabilities", postgresql.ARRAY(sa.String(length=24)), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        *(
            sa.Column(name, postgresql.ARRAY(sa.String(length=120)), nullable=False)
            for name in ("fallbacks", "larger", "laxer")
        ),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("organization_id", "name", name="uq_models_organization_id_name"),
    )
    _create(
        "model_deployments",
        _reference("model_id", "models", "model_deployments"),
        _reference("provider_id", "model_providers", "model_deployments"),
        sa.Column("upstream", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.UniqueConstraint(
            "model_id", "provider_id", "upstream", name="uq_model_deployments_model_id_provider_id_upstream"
        ),
        indexed="model_id",
    )
    op.create_index("ix_model_deployments_provider_id", "model_deployments", ["provider_id"])
    _create(
        "model_prices",
        _reference("deployment_id", "model_deployments", "model_prices"),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("input", "cached_input", "output")),
        sa.UniqueConstraint("deployment_id", "valid_from", name="uq_model_prices_deployment_id_valid_from"),
        indexed="deployment_id",
    )


def _create_receipts() -> None:
    op.create_table(
        "route_receipts",
        *_row("route_receipts"),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("api_key_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("asked", sa.String(length=120), nullable=False),
        sa.Column("task", sa.String(length=16), nullable=False),
        sa.Column("strategy", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("candidates", postgresql.JSONB(), nullable=False),
        sa.Column("attempts", postgresql.JSONB(), nullable=False),
        sa.Column("added_ms", sa.Float(), nullable=False),
        sa.Column("first_token_ms", sa.Integer(), nullable=True),
        sa.Column("total_ms", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("prompt_tokens", "cached_tokens", "answer_tokens")
        ),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_route_receipts_user_id"),
        sa.UniqueConstraint("message_id", name="uq_route_receipts_message_id"),
    )
    op.execute("create index ix_route_receipts_organization_id_id on route_receipts (organization_id, id desc)")
    op.create_index("ix_route_receipts_organization_id", "route_receipts", ["organization_id"])
    op.execute("create index ix_route_receipts_deployment on route_receipts (organization_id, deployment_id, id desc)")
    for statement in row_security.protect("route_receipts"):
        op.execute(statement)


def _create_learning() -> None:
    _create(
        "model_learning",
        sa.Column("task", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("good", sa.Float(), nullable=False),
        sa.Column("bad", sa.Float(), nullable=False),
        sa.UniqueConstraint("organization_id", "task", "model", name="uq_model_learning_organization_id_task_model"),
    )
    _create(
        "failover_drills",
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("recovered_percent", sa.Integer(), nullable=False),
        sa.Column("outcomes", postgresql.JSONB(), nullable=False),
        sa.Column("alone", postgresql.ARRAY(sa.String(length=120)), nullable=False),
        sa.Column("extra_cost", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["started_by"], ["users.id"], name="fk_failover_drills_started_by"),
    )
    op.execute("create index ix_failover_drills_organization_id_id on failover_drills (organization_id, id desc)")


def _create(table: str, *columns: sa.schema.SchemaItem, indexed: str = "", by_organization: bool = True) -> None:
    op.create_table(table, *_row(table), *columns)
    if by_organization:
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
    if indexed:
        op.create_index(f"ix_{table}_{indexed}", table, [indexed])
    for statement in row_security.protect(table):
        op.execute(statement)


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _reference(column: str, to: str, table: str) -> sa.Column:
    return sa.Column(column, sa.Uuid(), sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}"), nullable=False)
