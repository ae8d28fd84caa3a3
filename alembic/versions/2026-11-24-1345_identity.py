"""Verified addresses, links that are sent to people, identity providers and who people are there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from faraday_app.core import row_security

revision = "0011"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("users", sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitations", sa.Column("mailed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("invitations", "mailed", server_default=None)
    op.create_table(
        "account_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_account_links_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_links_token_hash")),
    )
    op.create_index(op.f("ix_account_links_user_id"), "account_links", ["user_id"], unique=False)
    op.create_table(
        "identity_providers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("client_id", sa.String(length=300), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("domains", postgresql.ARRAY(sa.String(length=253)), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_identity_providers_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_providers")),
        sa.UniqueConstraint(
            "organization_id",
            "issuer",
            "client_id",
            name=op.f("uq_identity_providers_organization_id_issuer_client_id"),
        ),
    )
    op.create_index(op.f("ix_identity_providers_organization_id"), "identity_providers", ["organization_id"])
    op.create_table(
        "linked_identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_linked_identities_organization_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_linked_identities_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_identities")),
        sa.UniqueConstraint(
            "organization_id", "issuer", "subject", name=op.f("uq_linked_identities_organization_id_issuer_subject")
        ),
        sa.UniqueConstraint(
            "organization_id", "issuer", "user_id", name=op.f("uq_linked_identities_organization_id_issuer_user_id")
        ),
    )
    op.create_index(op.f("ix_linked_identities_organization_id"), "linked_identities", ["organization_id"])
    op.create_index(op.f("ix_linked_identities_user_id"), "linked_identities", ["user_id"])
    # Links belong to people and to no organisation: whoever opens one is a guest, and Faraday itself looks it up.
    for statement in row_security.protect("account_links", row_security.SYSTEM):
        op.execute(statement)
    for table in ("identity_providers", "linked_identities"):
        for statement in row_security.protect(table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("linked_identities")
    op.drop_table("identity_providers")
    op.drop_table("account_links")
    op.drop_column("invitations", "mailed")
    op.drop_column("users", "email_verified_at")
