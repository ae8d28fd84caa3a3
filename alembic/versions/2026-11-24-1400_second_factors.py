"""Authenticator apps, passkeys, backup codes, the tickets of a sign-in in two steps, and who must have them."""

import sqlalchemy as sa
from alembic import op

from faraday_app.core import row_security

revision = "0010"
down_revision = "0012"

OWN = "user_id = app_user() or app_system()"
OF_PERSONS = ["authenticator_apps", "backup_codes", "passkeys"]
OF_FARADAY = ["challenges", "sign_in_tickets"]


def _row(*columns: sa.Column[object], table: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _of(thing: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{thing}_id"], [f"{thing}s.id"], name=op.f(f"fk_{table}_{thing}_id"))


def upgrade() -> None:
    _factors()
    _passing()
    op.add_column("sessions", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    _row(
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("required_for", sa.String(length=20), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("organization", "sign_in_policies"),
        sa.UniqueConstraint("organization_id", name=op.f("uq_sign_in_policies_organization_id")),
        table="sign_in_policies",
    )
    op.create_index(op.f("ix_sign_in_policies_organization_id"), "sign_in_policies", ["organization_id"])
    rules = dict.fromkeys(OF_PERSONS, OWN) | dict.fromkeys(OF_FARADAY, row_security.SYSTEM)
    for table, rule in {**rules, "sign_in_policies": row_security.TENANT}.items():
        for statement in row_security.protect(table, rule):
            op.execute(statement)


def _factors() -> None:
    _row(
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.String(length=400), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        _of("user", "authenticator_apps"),
        sa.UniqueConstraint("user_id", name=op.f("uq_authenticator_apps_user_id")),
        table="authenticator_apps",
    )
    _row(
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _of("user", "backup_codes"),
        sa.UniqueConstraint("code_hash", name=op.f("uq_backup_codes_code_hash")),
        table="backup_codes",
    )
    _row(
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        _of("user", "passkeys"),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
        table="passkeys",
    )
    for table in ("backup_codes", "passkeys"):
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def _passing() -> None:
    """What lives for minutes."""
    _row(
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("mailed_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _of("user", "sign_in_tickets"),
        _of("organization", "sign_in_tickets"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_tickets_token_hash")),
        table="sign_in_tickets",
    )
    op.create_index(op.f("ix_sign_in_tickets_user_id"), "sign_in_tickets", ["user_id"])
    _row(
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("token_hash", name=op.f("uq_challenges_token_hash")),
        table="challenges",
    )
    for table in OF_FARADAY:
        op.create_index(op.f(f"ix_{table}_expires_at"), table, ["expires_at"])


def downgrade() -> None:
    op.drop_table("sign_in_policies")
    op.drop_column("sessions", "confirmed_at")
    for table in (*OF_FARADAY, *OF_PERSONS):
        op.drop_table(table)
